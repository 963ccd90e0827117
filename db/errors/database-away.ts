/**
 * PostgreSQL's error classes after which the same request may succeed: connection lost, too many connections or no
 * memory, shut-down and restart, transaction rolled back by a deadlock or a conflict.
 */
const awayClasses = new Set(['08', '53', '57', '40'])

/** Of the system and of `pg`: nobody answers at the address, or the connection broke. */
const awayCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
])

/** What `pg` says without a code. */
const awayMessages =
  /^(Connection terminated|Query read timeout|timeout exceeded when trying to connect|Client has encountered a connection error)/

/** True when an error of `pg` or of Neon's driver says that the database cannot be reached or cannot work just now. */
export function meansDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  if (code !== undefined) return awayCodes.has(code) || (code.length === 5 && awayClasses.has(code.slice(0, 2)))
  // Neon's driver gives no code when the request failed or was answered by something else than PostgreSQL.
  return error.name === 'NeonDbError' || awayMessages.test(error.message)
}
