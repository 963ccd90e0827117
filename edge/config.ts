import { z } from 'zod'
import { createKeyRing } from '#db/crypto/key-ring.ts'

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

/** A binding that is missing or wrong; the message is one sentence for the person who set it and shows no value. */
export class ConfigError extends Error {
  constructor(sentence: string) {
    super(sentence)
    this.name = 'ConfigError'
  }
}

/** The bindings of wrangler.toml and of `wrangler secret put`, of which only the strings are read. */
export type Bindings = Record<string, unknown>

/** Throws ConfigError at the first binding that is missing or wrong. */
export function parseConfig(env: Bindings): EdgeConfig {
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

function required(env: Bindings, name: string): string {
  const value = env[name]
  if (typeof value !== 'string' || value === '') throw new ConfigError(`${name} is not set.`)
  return value
}

function urlOf(env: Bindings, name: string, protocols: readonly string[]): string {
  const value = required(env, name)
  if (!protocols.includes(protocolOf(value))) {
    throw new ConfigError(`${name} is not a URL that begins with ${protocols.map((one) => `${one}//`).join(' or ')}.`)
  }
  return value
}

function protocolOf(url: string): string {
  try {
    return new URL(url).protocol
  } catch {
    return 'none'
  }
}

function keyRingOf(env: Bindings, name: string): string {
  const spec = required(env, name)
  try {
    createKeyRing(spec)
  } catch (error) {
    // A key ring's own errors name positions, never its text.
    throw new ConfigError(`${name} is not a key ring: ${(error as Error).message}`)
  }
  return spec
}

function serviceTokenKeyOf(env: Bindings): ServiceTokenKey {
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
