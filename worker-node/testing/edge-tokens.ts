import { createHash, randomUUID } from 'node:crypto'
import {
  exportJWK,
  generateKeyPair,
  SignJWT,
  type JSONWebKeySet,
  type JWTHeaderParameters,
  type JWTPayload,
} from 'jose'
import type { ServerId } from '#contracts/ids.ts'
import {
  serviceTokenAudience,
  serviceTokenIssuer,
  serviceTokenLifetimeSeconds,
  serviceTokenType,
  type ServiceTokenClaims,
} from '#contracts/worker-protocol.ts'

/** What a token is made for, and what a forger would change. */
export interface TokenRequest {
  serverId: ServerId
  incarnation: string
  method?: string
  path: string
  body?: string
  /** When it is made. */
  at: Date
  claims?: { [claim in keyof ServiceTokenClaims]?: unknown } & JWTPayload
  header?: Partial<JWTHeaderParameters>
}

/** An edge's signing key, for tests. */
export interface EdgeSigner {
  kid: string
  jwks: JSONWebKeySet
  token(request: TokenRequest): Promise<string>
  /** The claims alone, for tokens that are signed some other way. */
  claims(request: TokenRequest): JWTPayload
}

export async function createEdgeSigner(kid = 'edge-1'): Promise<EdgeSigner> {
  const { publicKey, privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true })
  const jwk = await exportJWK(publicKey)

  function claims({
    serverId,
    incarnation,
    method = 'POST',
    path,
    body = '',
    at,
    claims: changes,
  }: TokenRequest): JWTPayload {
    const iat = Math.floor(at.getTime() / 1000)
    return {
      iss: serviceTokenIssuer,
      aud: serviceTokenAudience(serverId, incarnation),
      iat,
      exp: iat + serviceTokenLifetimeSeconds,
      jti: randomUUID(),
      method,
      path,
      body_sha256: createHash('sha256').update(body).digest('hex'),
      ...changes,
    }
  }

  return {
    kid,
    jwks: { keys: [{ ...jwk, kid, alg: 'EdDSA', use: 'sig' }] },
    claims,
    token: (request) =>
      new SignJWT(claims(request))
        .setProtectedHeader({ alg: 'EdDSA', typ: serviceTokenType, kid, ...request.header })
        .sign(privateKey),
  }
}
