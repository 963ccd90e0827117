import { isId } from '#contracts/ids.ts'
import { accessTokenLifetimeSeconds, type AdminTokens } from '#core/ports/admin-tokens.ts'
import type { SigningKey } from '#edge/config.ts'
import { createSignedTokens } from './signed-tokens.ts'

/** Access tokens by the admins' own key. */
export function createAdminTokens(key: SigningKey, now: () => Date): AdminTokens {
  const tokens = createSignedTokens(key, now, {
    issuer: 'wharf-admin',
    audience: 'wharf-admin-api',
    type: 'at+jwt',
    longestSeconds: accessTokenLifetimeSeconds,
  })
  return {
    sign: ({ adminId, sessionId }) =>
      tokens.sign({ subject: adminId, claims: { sid: sessionId }, lifetimeSeconds: accessTokenLifetimeSeconds }),

    async verify(token) {
      const { sub = '', sid } = (await tokens.verify(token)) ?? {}
      if (typeof sid !== 'string') return undefined
      return isId('admin', sub) && isId('adminSession', sid) ? { adminId: sub, sessionId: sid } : undefined
    },
  }
}
