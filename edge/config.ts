import { z } from 'zod'
import { ConfigError, keyRingOf, required, urlOf, type Variables } from '#db/config/variables.ts'

/** A private key that signs tokens: Ed25519 as a JWK (RFC 8037). */
const signingKeySchema = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string().min(1),
  d: z.string().min(1),
  kid: z.string().min(1),
})
export type SigningKey = z.infer<typeof signingKeySchema>

export interface AlertWebhook {
  url: string
  secret: string
}

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
  /** Signs the commands to workers. */
  serviceTokenKey: SigningKey
  /** Signs access tokens of admins: never the same key as the one above. */
  adminTokenKey: SigningKey
  /** Key ring of admins' secrets (authenticator apps). The edge alone has it. */
  adminKeyRing: string
  /** Where alerts are told, and what signs them (Standard Webhooks); undefined: nowhere. */
  alertWebhook: AlertWebhook | undefined
  /** Origin of the dashboard's pages when it is not the API's own. */
  dashboardOrigin: string | undefined
}

/** Those of the bindings that are secrets and must be there: nothing is deployed to an environment that lacks one. */
export const edgeSecrets = [
  'DATABASE_URL',
  'UPSTASH_REDIS_REST_URL',
  'UPSTASH_REDIS_REST_TOKEN',
  'WEBHOOK_KEY_RING',
  'SERVICE_TOKEN_KEY',
  'ADMIN_TOKEN_KEY',
  'ADMIN_KEY_RING',
] as const

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
    serviceTokenKey: signingKeyOf(env, 'SERVICE_TOKEN_KEY'),
    adminTokenKey: adminTokenKeyOf(env),
    adminKeyRing: keyRingOf(env, 'ADMIN_KEY_RING'),
    alertWebhook: alertWebhookOf(env),
    dashboardOrigin: dashboardOriginOf(env),
  }
}

function signingKeyOf(env: Variables, name: string): SigningKey {
  const parsed = signingKeySchema.safeParse(parseJson(required(env, name)))
  if (!parsed.success) throw new ConfigError(`${name} is not a private Ed25519 key as a JWK with a kid.`)
  return parsed.data
}

function adminTokenKeyOf(env: Variables): SigningKey {
  const key = signingKeyOf(env, 'ADMIN_TOKEN_KEY')
  // Else whoever gets one of the two could both command workers and act as an admin.
  if (key.x === signingKeyOf(env, 'SERVICE_TOKEN_KEY').x)
    throw new ConfigError('ADMIN_TOKEN_KEY must be another key than SERVICE_TOKEN_KEY.')
  return key
}

/** Where it may lead is for the one who sends to say: it depends on what the local stack allows. */
function alertWebhookOf(env: Variables): AlertWebhook | undefined {
  if (env['ALERT_WEBHOOK_URL'] === undefined && env['ALERT_WEBHOOK_SECRET'] === undefined) return undefined
  const url = urlOf(env, 'ALERT_WEBHOOK_URL', ['https:', 'http:'])
  const secret = required(env, 'ALERT_WEBHOOK_SECRET')
  if (!/^whsec_[A-Za-z0-9+/]{32,}={0,2}$/.test(secret))
    throw new ConfigError('ALERT_WEBHOOK_SECRET is not whsec_ and the base64 of 24 to 64 random bytes.')
  return { url, secret }
}

function dashboardOriginOf(env: Variables): string | undefined {
  const value = env['DASHBOARD_ORIGIN']
  if (value === undefined) return undefined
  const { origin } = new URL(urlOf(env, 'DASHBOARD_ORIGIN', ['https:', 'http:']))
  if (origin !== value) throw new ConfigError('DASHBOARD_ORIGIN is not an origin such as https://app.example.com.')
  return origin
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
