/** So many failures in a row open the breaker. */
export const breakerOpensAt = 10
const firstProbeMs = 30_000
const longestProbeMs = 5 * 60_000

/** What one process knows of one endpoint: whether it is worth an attempt. */
export interface Breaker {
  /** Failed attempts in a row, until it opened. */
  failures: number
  /** While it is open: the wait between probes, and the monotonic time of the next one. */
  open: { waitMs: number; probeAtMs: number } | undefined
}

export const closedBreaker: Breaker = { failures: 0, open: undefined }

/**
 * The breaker after an attempt. One success closes it. The tenth failure in a row opens it; from then on only failed
 * probes lengthen the wait, twice as long each time and 5 minutes at most, not what was on its way when it opened.
 */
export function afterBreakerAttempt(
  breaker: Breaker,
  { succeeded, isProbe, nowMs }: { succeeded: boolean; isProbe: boolean; nowMs: number },
): Breaker {
  if (succeeded) return closedBreaker
  if (breaker.open === undefined) {
    const failures = breaker.failures + 1
    return { failures, open: failures < breakerOpensAt ? undefined : waiting(firstProbeMs, nowMs) }
  }
  if (!isProbe) return breaker
  return { ...breaker, open: waiting(Math.min(2 * breaker.open.waitMs, longestProbeMs), nowMs) }
}

function waiting(waitMs: number, nowMs: number) {
  return { waitMs, probeAtMs: nowMs + waitMs }
}
