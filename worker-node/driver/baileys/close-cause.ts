import type { CloseCause } from '#core/ports/driver.ts'

/** What WhatsApp says by the code of a `<failure>` or `<stream:error>`, and Baileys by its own codes. */
const kindByCode: Record<number, CloseCause['kind']> = {
  401: 'logged-out',
  402: 'temporary-ban',
  403: 'logged-out',
  405: 'client-outdated',
  406: 'logged-out',
  408: 'connection-lost',
  409: 'client-outdated',
  411: 'repair-required',
  428: 'connection-lost',
  440: 'replaced',
  // Also Baileys' code for every stream error that it does not know: never a reason to forget credentials.
  500: 'unavailable',
  501: 'unavailable',
  503: 'unavailable',
  515: 'restart-required',
}

/** What Baileys' errors look like, without importing the library that makes them. */
interface CodedError extends Error {
  output?: { statusCode?: number }
  data?: unknown
}

/** Why Baileys closed a connection. `now` dates the end of a temporary ban. */
export function causeOfDisconnect(error: Error | undefined, now: Date): CloseCause {
  const { output, data } = (error ?? {}) as CodedError
  const code = output?.statusCode ?? null
  const detail = error === undefined ? 'closed without a reason' : error.message
  if (code === null) return { kind: 'internal-error', code, detail }
  // An HTTP status while the WebSocket was being opened speaks for whatever stands in between, not about the account.
  if (data instanceof Error) return { kind: code >= 500 ? 'unavailable' : 'connection-lost', code, detail }

  const kind = kindByCode[code] ?? 'unavailable'
  const until = kind === 'temporary-ban' ? endOfBan(data, now) : undefined
  return { kind, code, detail, ...(until !== undefined ? { until } : {}) }
}

/** `expire` is the number of seconds that the ban still lasts. */
function endOfBan(data: unknown, now: Date): Date | undefined {
  const seconds = Number((data as { expire?: unknown } | undefined)?.expire)
  return Number.isFinite(seconds) && seconds > 0 ? new Date(now.getTime() + seconds * 1000) : undefined
}

/** The WebSocket was refused with an HTTP status: by WhatsApp's edge or by something in between. */
export function causeOfRefusedUpgrade(status: number | undefined): CloseCause {
  const kind = status !== undefined && status >= 500 ? 'unavailable' : 'connection-lost'
  return { kind, code: status ?? null, detail: 'the WebSocket was refused' }
}
