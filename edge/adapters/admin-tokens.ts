import { importJWK, jwtVerify, SignJWT } from 'jose'
import { isId } from '#contracts/ids.ts'
import { accessTokenLifetimeSeconds, type AdminTokens } from '#core/ports/admin-tokens.ts'
import type { SigningKey } from '#edge/config.ts'

const issuer = 'wharf-admin'
const audience = 'wharf-admin-api'
const type = 'at+jwt'
const algorithm = 'EdDSA'
/** What is longer was not made here, and is not worth parsing. */
const longestToken = 2_048

type ImportedKey = Awaited<ReturnType<typeof importJWK>>

/**
 * Access tokens by the admins' own key (RFC 8725): one algorithm, type, issuer and audience; the key is chosen here, never
 * by the token, so `jku`, `jwk` and `x5u` mean nothing.
 */
export function createAdminTokens(key: SigningKey, now: () => Date): AdminTokens {
  // Not the promises of the keys: on Workers one request must not wait for another's promise.
  let imported: { private: ImportedKey; public: ImportedKey } | undefined
  const keys = async () => {
    const { d: _private, ...publicKey } = key
    return (imported ??= {
      private: await importJWK(key, algorithm),
      public: await importJWK(publicKey, algorithm),
    })
  }
  return {
    async sign({ adminId, sessionId }) {
      const issuedAt = Math.floor(now().getTime() / 1000)
      return new SignJWT({ sid: sessionId })
        .setProtectedHeader({ alg: algorithm, typ: type, kid: key.kid })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(adminId)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + accessTokenLifetimeSeconds)
        .sign((await keys()).private)
    },

    async verify(token) {
      if (token.length > longestToken) return undefined
      try {
        const { payload, protectedHeader } = await jwtVerify(token, (await keys()).public, {
          algorithms: [algorithm],
          typ: type,
          issuer,
          audience,
          currentDate: now(),
          requiredClaims: ['exp', 'iat', 'sub'],
          maxTokenAge: accessTokenLifetimeSeconds,
        })
        const { sub = '', sid } = payload
        if (protectedHeader.kid !== key.kid || typeof sid !== 'string') return undefined
        return isId('admin', sub) && isId('adminSession', sid) ? { adminId: sub, sessionId: sid } : undefined
      } catch {
        return undefined
      }
    },
  }
}
