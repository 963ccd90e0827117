import type { MiddlewareHandler } from 'hono'
import { parseIpAddress, writeIpAddress } from '#core/rules/ip-address.ts'
import { checkKey } from '#core/verbs/keys/check-key.ts'
import { proveKey } from '#core/verbs/keys/prove-key.ts'
import type { EdgeEnv } from '#edge/edge-env.ts'
import type { KeyPolicy } from '#edge/routes/define-route.ts'
import { originOf } from './origin-of.ts'
import { presentedKey } from './presented-key.ts'
import { requireAllowed } from './require-allowed.ts'

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
      knownAddress(originOf(c).address),
    )
    c.set('actor', actor)
    record.customer_id = actor.customerId
    record.key_id = actor.keyId
    const limited = services.rateLimiter.consume(actor.customerId, actor, policy.limit)
    // The verb of a send looks at the key inside its own transaction.
    const checked = policy.keyCheck === 'first' ? checkKey(services, actor, policy.scope) : undefined
    const [verdict] = await Promise.all([limited, checked])
    requireAllowed(c, verdict)
    await next()
  }
}

/** In the spelling that the database reads, and an IPv4 address inside IPv6 as what it is. */
function knownAddress(text: string | null): string | null {
  const address = parseIpAddress(text ?? '')
  return address === undefined ? null : writeIpAddress(address)
}
