import { CallFailed } from './api/call-failed.ts'

interface Polled {
  state: { error: Error | null }
}

/**
 * For `refetchInterval`: asks again each `ms`, whatever failed meanwhile. What is gone does not come back and is not asked
 * for again; what was asked for too often is asked again when its answer said.
 */
export function pollUnlessGone(ms: number): (query: Polled) => number | false {
  return ({ state: { error } }) => {
    if (!(error instanceof CallFailed)) return ms
    if (error.code === 'NOT_FOUND') return false
    return Math.max(ms, millisecondsToWait(error))
  }
}

/** How long the service asked not to be asked again; 0 when it did not, or when that is over. */
export function millisecondsToWait(error: unknown, now = Date.now()): number {
  if (!(error instanceof CallFailed) || error.retryAt === undefined) return 0
  return Math.max(0, error.retryAt - now)
}
