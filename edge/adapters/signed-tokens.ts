import { importJWK, jwtVerify, SignJWT, type JWTPayload } from 'jose'
import type { SigningKey } from '#edge/config.ts'

const algorithm = 'EdDSA'
/** What is longer was not made here, and is not worth parsing. */
const longestToken = 2_048

/** What tokens are for. One kind is never taken for another, because these differ. */
export interface TokenKind {
  issuer: string
  audience: string
  type: string
  /** However late its end, a token is good for no longer. */
  longestSeconds: number
}

export interface SignedTokens {
  sign(token: { subject: string; claims: JWTPayload; lifetimeSeconds: number }): Promise<string>
  /** Undefined for anything but a token of this kind and key that is good now. */
  verify(token: string): Promise<JWTPayload | undefined>
}

type ImportedKey = Awaited<ReturnType<typeof importJWK>>

/**
 * Tokens that this service signs for itself (RFC 8725): one algorithm, type, issuer and audience; the key is chosen here,
 * never by the token, so `jku`, `jwk` and `x5u` mean nothing.
 */
export function createSignedTokens(key: SigningKey, now: () => Date, kind: TokenKind): SignedTokens {
  const { issuer, audience, type, longestSeconds } = kind
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
    async sign({ subject, claims, lifetimeSeconds }) {
      const issuedAt = Math.floor(now().getTime() / 1000)
      return new SignJWT(claims)
        .setProtectedHeader({ alg: algorithm, typ: type, kid: key.kid })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(subject)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + lifetimeSeconds)
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
          maxTokenAge: longestSeconds,
        })
        return protectedHeader.kid === key.kid ? payload : undefined
      } catch {
        return undefined
      }
    },
  }
}
