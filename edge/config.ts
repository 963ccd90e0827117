import { z } from 'zod'
import { ConfigError, keyRingOf, required, urlOf, type Variables } from '#db/config/variables.ts'

/** The private key of the service tokens: Ed25519 as a JWK (RFC 8037). */
const serviceTokenKeySchema = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string().min(1),
  d: z.string().min(1),
  kid: z.string().min(1),
})
export type ServiceTokenKey = z.infer<typeof serviceTokenKeySchema>

/** What the edge has to be told. Nothing in it opens what only the local stack allows: see EdgeOverrides. */
export interface EdgeConfig {
  /** Shown by /health. */
  version: string
  /** Neon's connection string. */
  databaseUrl: string
  /** Upstash's REST endpoint. */
  redis: { url: string; token: string }
  /** Key ring of webhook secrets in the form of db/crypto/key-ring.ts, shared with the workers. */
  webhookKeyRing: string
  serviceTokenKey: ServiceTokenKey
}

/** Throws ConfigError at the first binding that is missing or wrong. */
export function parseConfig(env: Variables): EdgeConfig {
  return {
    version: required(env, 'VERSION'),
    databaseUrl: urlOf(env, 'DATABASE_URL', ['postgres:', 'postgresql:']),
    redis: {
      url: urlOf(env, 'UPSTASH_REDIS_REST_URL', ['https:', 'http:']),
      token: required(env, 'UPSTASH_REDIS_REST_TOKEN'),
    },
    webhookKeyRing: keyRingOf(env, 'WEBHOOK_KEY_RING'),
    serviceTokenKey: serviceTokenKeyOf(env),
  }
}

function serviceTokenKeyOf(env: Variables): ServiceTokenKey {
  const parsed = serviceTokenKeySchema.safeParse(parseJson(required(env, 'SERVICE_TOKEN_KEY')))
  if (!parsed.success) throw new ConfigError('SERVICE_TOKEN_KEY is not a private Ed25519 key as a JWK with a kid.')
  return parsed.data
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
