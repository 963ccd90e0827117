import { longestLinkHours } from '#contracts/http/pairing.ts'
import { isId } from '#contracts/ids.ts'
import type { PairingLinks } from '#core/ports/pairing-links.ts'
import type { SigningKey } from '#edge/config.ts'
import { createSignedTokens } from './signed-tokens.ts'

/**
 * Pairing links, signed by the key of the admins' access tokens, which the edge alone has and alone checks: their type,
 * issuer and audience keep the two apart.
 */
export function createPairingLinks(key: SigningKey, now: () => Date): PairingLinks {
  const tokens = createSignedTokens(key, now, {
    issuer: 'wharf-pairing',
    audience: 'wharf-pairing-page',
    type: 'pairing+jwt',
    longestSeconds: longestLinkHours * 3_600,
  })
  return {
    sign: ({ customerId, instanceId, expiresAt }) =>
      tokens.sign({
        subject: instanceId,
        claims: { customer: customerId },
        lifetimeSeconds: Math.floor(expiresAt.getTime() / 1000) - Math.floor(now().getTime() / 1000),
      }),

    async verify(token) {
      const { sub = '', customer, exp = 0 } = (await tokens.verify(token)) ?? {}
      if (typeof customer !== 'string' || !isId('customer', customer) || !isId('instance', sub)) return undefined
      return { customerId: customer, instanceId: sub, expiresAt: new Date(exp * 1000) }
    },
  }
}
