import { z } from 'zod'
import { successSchema } from '#contracts/envelope.ts'
import { defineContract } from './contract.ts'

export const healthViewSchema = z.object({
  /** `degraded`: Redis does not answer; requests still work, with local limits. */
  status: z.enum(['healthy', 'degraded']),
  version: z.string(),
  database: z.object({ reachable: z.boolean() }),
  redis: z.object({ reachable: z.boolean() }),
})
export type HealthView = z.infer<typeof healthViewSchema>

export const getHealthContract = defineContract({
  method: 'GET',
  path: '/health',
  summary: 'Whether the service can work: 503 while the database does not answer',
  responses: { 200: successSchema(healthViewSchema) },
  errors: ['SERVICE_UNAVAILABLE'],
})

/** Public half of an Ed25519 key (RFC 8037). */
export const publicKeySchema = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string(),
  kid: z.string(),
  alg: z.literal('EdDSA'),
  use: z.literal('sig'),
})
export type PublicKey = z.infer<typeof publicKeySchema>

export const getServiceKeysContract = defineContract({
  method: 'GET',
  path: '/.well-known/jwks.json',
  summary: 'Public keys of the service tokens that workers verify (RFC 7517, without the envelope)',
  responses: { 200: z.object({ keys: z.array(publicKeySchema) }) },
  errors: [],
})
