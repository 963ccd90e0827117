import { maxWaitSeconds } from '#contracts/http/messages.ts'

/**
 * Seconds that `Prefer: wait=N` (RFC 7240) asks to wait for, at most 30; 0 when it asks for none. Other preferences, and
 * values that are no number, are ignored, as the RFC wants.
 */
export function preferWait(header: string | undefined): number {
  for (const preference of header?.split(',') ?? []) {
    const [name, value] = (preference.split(';')[0] ?? '').split('=').map((part) => part.trim())
    if (name?.toLowerCase() !== 'wait') continue
    const [, seconds] = /^"?(\d{1,9})"?$/.exec(value ?? '') ?? []
    return seconds === undefined ? 0 : Math.min(Number(seconds), maxWaitSeconds)
  }
  return 0
}
