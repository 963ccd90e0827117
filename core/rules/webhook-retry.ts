import type { AttemptVerdict } from '#core/ports/deliveries.ts'

const second = 1_000
const minute = 60 * second
const hour = 60 * minute

/** Waits before each attempt after the first; after the last one failed the event is a dead letter. */
const waitsMs = [
  5 * second,
  30 * second,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  14 * hour,
  20 * hour,
  24 * hour,
] as const

/** An endpoint may ask for a longer wait, up to this. */
const maxRetryAfterMs = hour

/**
 * What one attempt means for its delivery. Any 2xx delivers, 410 gives up the endpoint; everything else, redirects
 * included, is tried again by the schedule.
 */
export function afterWebhookAttempt(attempt: {
  /** HTTP status, or null when there was no answer. */
  status: number | null
  /** Attempts made before this one. */
  attempts: number
  /** What the answer's Retry-After asked for. */
  retryAfterMs: number | undefined
  /** In [0, 1): spreads the waits by +-20%. */
  random: number
  /** The wait of a breaker that was open: the attempt was a probe, which does not count in the schedule. */
  probeWaitMs?: number | undefined
}): AttemptVerdict {
  const { status, probeWaitMs } = attempt
  if (succeeded(status)) return { verdict: 'delivered' }
  if (status === 410) return { verdict: 'endpoint-gone' }
  const asked = Math.min(attempt.retryAfterMs ?? 0, maxRetryAfterMs)
  if (probeWaitMs !== undefined) return { verdict: 'probe-failed', afterMs: Math.max(probeWaitMs, asked) }
  const waitMs = waitsMs[attempt.attempts]
  if (waitMs === undefined) return { verdict: 'dead' }
  const spread = Math.round(waitMs * (0.8 + 0.4 * attempt.random))
  return { verdict: 'retry', afterMs: Math.max(spread, asked) }
}

/** Any 2xx is the endpoint's receipt; null is no answer. */
export function succeeded(status: number | null): boolean {
  return status !== null && status >= 200 && status < 300
}
