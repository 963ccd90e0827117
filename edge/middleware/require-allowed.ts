import { ApiError } from '#contracts/errors.ts'
import type { RateLimitVerdict } from '#core/ports/rate-limiter.ts'
import type { EdgeContext } from '#edge/edge-env.ts'

/** Tells the window in headers. Throws RATE_LIMIT_EXCEEDED. */
export function requireAllowed(c: EdgeContext, { allowed, window }: RateLimitVerdict): void {
  if (window !== undefined) {
    c.header('X-RateLimit-Limit', String(window.limit))
    c.header('X-RateLimit-Remaining', String(window.remaining))
    c.header('X-RateLimit-Reset', String(Math.ceil(window.resetsAt.getTime() / 1000)))
  }
  if (allowed) return
  const waitMs = (window?.resetsAt.getTime() ?? 0) - c.var.services.clock.now().getTime()
  throw new ApiError('RATE_LIMIT_EXCEEDED', 'Too many requests for the plan.', {
    retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)),
  })
}
