import { importJWK, SignJWT } from 'jose'
import type { PublicKey } from '#contracts/http/service.ts'
import { serviceTokenIssuer, serviceTokenLifetimeSeconds, serviceTokenType } from '#contracts/worker-protocol.ts'
import { sha256Hex } from '#core/rules/sha256.ts'
import type { SigningKey } from '#edge/config.ts'

/** The one request that a service token is good for. */
export interface ServiceRequest {
  /** Server id and incarnation: see serviceTokenAudience. */
  audience: string
  method: string
  path: string
  body: string
}

export interface ServiceTokens {
  sign(request: ServiceRequest): Promise<string>
  publicKeys: PublicKey[]
}

export function createServiceTokens(key: SigningKey): ServiceTokens {
  // Not the promise of the key: on Workers one request must not wait for another's promise.
  let imported: Awaited<ReturnType<typeof importJWK>> | undefined
  return {
    publicKeys: [{ kty: key.kty, crv: key.crv, x: key.x, kid: key.kid, alg: 'EdDSA', use: 'sig' }],
    async sign({ audience, method, path, body }) {
      imported ??= await importJWK(key, 'EdDSA')
      return new SignJWT({ method, path, body_sha256: await sha256Hex(body) })
        .setProtectedHeader({ alg: 'EdDSA', typ: serviceTokenType, kid: key.kid })
        .setIssuer(serviceTokenIssuer)
        .setAudience(audience)
        .setIssuedAt()
        .setExpirationTime(`${serviceTokenLifetimeSeconds} s`)
        .setJti(crypto.randomUUID())
        .sign(imported)
    },
  }
}
