import { setTimeout as delay } from 'node:timers/promises'

export interface WaitForOptions {
  /** What is awaited, for the message: "the message to be sent". */
  what: string
  /** Give up after so many milliseconds; 5,000 if not told. */
  timeoutMs?: number
  /** Milliseconds between two looks; 10 if not told. */
  intervalMs?: number
}

/**
 * Looks again and again until `condition` gives something truthy, and gives that back. An assertion or error thrown by
 * `condition` counts as "not yet"; the last one is the `cause` of the time-out's error.
 */
export async function waitFor<T>(
  condition: () => T | Promise<T>,
  { what, timeoutMs = 5_000, intervalMs = 10 }: WaitForOptions,
): Promise<NonNullable<T>> {
  const deadline = performance.now() + timeoutMs
  let lastError: unknown
  for (;;) {
    try {
      const value = await condition()
      if (value) return value
      lastError = undefined
    } catch (error) {
      lastError = error
    }
    if (performance.now() >= deadline) {
      const reason = lastError instanceof Error ? `: ${lastError.message}` : ''
      throw new Error(`Waited ${timeoutMs} ms in vain for ${what}${reason}`, { cause: lastError })
    }
    await delay(intervalMs)
  }
}
