import { createHash } from 'node:crypto'
import { errors, jwtVerify, type JWTVerifyGetKey } from 'jose'
import { ApiError } from '#contracts/errors.ts'
import type { ServerId } from '#contracts/ids.ts'
import {
  serviceTokenAudience,
  serviceTokenClaimsSchema,
  serviceTokenIssuer,
  serviceTokenLifetimeSeconds,
  serviceTokenType,
  type ServiceTokenClaims,
} from '#contracts/worker-protocol.ts'
import type { Clock } from '#core/ports/clock.ts'
import type { UsedTokens } from './used-tokens.ts'

/** The edge's clock may be ahead of the database's by this much; being behind only shortens a token's life. */
const maxAheadSeconds = 5

const maxTokenLength = 4_096

/** What jose says when it is the edge that did not answer with its keys. */
const keysUnknown = new Set(['ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID', 'ERR_JOSE_GENERIC'])

export interface ServiceRequest {
  method: string
  /** Path of the URL as it was sent, not decoded. */
  path: string
  body: Uint8Array
  /** The Authorization header. */
  authorization: string | undefined
}

export interface ServiceTokenDeps {
  keyOf: JWTVerifyGetKey
  serverId: ServerId
  /** The run of this worker that holds the lease; undefined while none does. */
  incarnation: () => string | undefined
  clock: Clock
  usedTokens: UsedTokens
}

/**
 * Lets a request pass when its bearer token is the edge's, for this run of this worker, for exactly this request, at most
 * 30 seconds old, and new. Throws ApiError: INVALID_SERVICE_TOKEN; INSTANCE_MOVED when the edge meant another run of this
 * server, which makes it read the route again; SERVICE_UNAVAILABLE while the edge's keys were never seen or no lease is held.
 */
export async function verifyServiceToken(deps: ServiceTokenDeps, request: ServiceRequest): Promise<void> {
  const incarnation = deps.incarnation()
  if (incarnation === undefined) throw new ApiError('SERVICE_UNAVAILABLE', 'This worker holds no lease now.')
  const now = deps.clock.now()
  const claims = await verifiedClaims(deps, incarnation, now, bearerOf(request.authorization))
  const age = claims.exp - claims.iat
  if (age < 0 || age > serviceTokenLifetimeSeconds) throw refused('it lives too long')
  if (claims.iat > now.getTime() / 1000 + maxAheadSeconds) throw refused('it is from the future')
  if (claims.method !== request.method) throw refused('it is for another method')
  if (claims.path !== request.path) throw refused('it is for another path')
  if (claims.body_sha256 !== createHash('sha256').update(request.body).digest('hex')) {
    throw refused('it is for another body')
  }
  // Last, so that a request that was tampered with on its way does not use up the real one's token.
  if (!deps.usedTokens.use(claims.jti)) throw refused('it was used before')
}

async function verifiedClaims(
  { keyOf, serverId }: ServiceTokenDeps,
  incarnation: string,
  now: Date,
  token: string,
): Promise<ServiceTokenClaims> {
  const audience = serviceTokenAudience(serverId, incarnation)
  try {
    const { payload } = await jwtVerify(token, keyOf, {
      algorithms: ['EdDSA'],
      typ: serviceTokenType,
      issuer: serviceTokenIssuer,
      audience,
      currentDate: now,
      requiredClaims: ['exp', 'iat', 'jti'],
    })
    const claims = serviceTokenClaimsSchema.safeParse(payload)
    if (!claims.success) throw refused('its claims are not those of a service token')
    return claims.data
  } catch (error) {
    throw explain(error, serverId)
  }
}

function explain(error: unknown, serverId: ServerId): ApiError {
  if (error instanceof ApiError) return error
  if (error instanceof errors.JWTClaimValidationFailed && error.claim === 'aud') {
    const meant: unknown = error.payload.aud
    if (typeof meant === 'string' && meant.startsWith(`${serverId}/`)) {
      return new ApiError('INSTANCE_MOVED', 'This worker was started anew: read the route again.')
    }
  }
  if (error instanceof errors.JOSEError && !keysUnknown.has(error.code)) return refused(`it failed (${error.code})`)
  return new ApiError('SERVICE_UNAVAILABLE', 'The keys that tokens are verified with are not known yet.', {
    cause: error,
  })
}

function bearerOf(authorization: string | undefined): string {
  const token = /^Bearer ([A-Za-z0-9._-]+)$/.exec(authorization ?? '')?.[1]
  if (token === undefined || token.length > maxTokenLength) throw refused('there is none in the Authorization header')
  return token
}

function refused(why: string): ApiError {
  return new ApiError('INVALID_SERVICE_TOKEN', `The service token is not accepted: ${why}.`)
}
