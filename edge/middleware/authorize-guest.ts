import type { MiddlewareHandler } from 'hono'
import { authenticateGuest } from '#core/verbs/pairing/authenticate-guest.ts'
import type { EdgeEnv } from '#edge/edge-env.ts'
import type { GuestPolicy } from '#edge/routes/define-route.ts'
import { bearerToken } from './bearer-token.ts'
import { requireAllowed } from './require-allowed.ts'

/** Proves the pairing link, and counts the request as one of the customer that made it. */
export function authorizeGuest(policy: GuestPolicy): MiddlewareHandler<EdgeEnv> {
  return async (c, next) => {
    const { services, record } = c.var
    const guest = await authenticateGuest(
      services,
      bearerToken((name) => c.req.header(name)),
    )
    c.set('guest', guest)
    record.customer_id = guest.customerId
    requireAllowed(c, await services.rateLimiter.consume(guest.customerId, guest.customer, policy.limit))
    await next()
  }
}
