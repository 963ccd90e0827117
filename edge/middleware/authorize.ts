import type { MiddlewareHandler } from 'hono'
import { ApiError } from '#contracts/errors.ts'
import type { RateLimitVerdict } from '#core/ports/rate-limiter.ts'
import { checkKey } from '#core/verbs/keys/check-key.ts'
import { proveKey } from '#core/verbs/keys/prove-key.ts'
import type { EdgeContext, EdgeEnv } from '#edge/edge-env.ts'
import type { KeyPolicy } from '#edge/routes/define-route.ts'
import { presentedKey } from './presented-key.ts'

/**
 * Proves the key, then counts the request and reads whether the key is live, both at once to save a round trip; a dead
 * key is told before a full window.
 */
export function authorize(policy: KeyPolicy): MiddlewareHandler<EdgeEnv> {
  return async (c, next) => {
    const { services, record } = c.var
    const actor = await proveKey(
      services,
      presentedKey((name) => c.req.header(name)),
    )
    c.set('actor', actor)
    record.customer_id = actor.customerId
    record.key_id = actor.keyId
    const limited = services.rateLimiter.consume(actor.customerId, actor.plan, policy.limit)
    // The verb of a send looks at the key inside its own transaction.
    const checked = policy.keyCheck === 'first' ? checkKey(services, actor, policy.scope) : undefined
    const [verdict] = await Promise.all([limited, checked])
    requireAllowed(c, verdict)
    await next()
  }
}

/** Tells the window in headers. Throws RATE_LIMIT_EXCEEDED. */
function requireAllowed(c: EdgeContext, { allowed, window }: RateLimitVerdict): void {
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
