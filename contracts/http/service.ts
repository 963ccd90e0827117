import { z } from 'zod'
import { successSchema } from '#contracts/envelope.ts'
import { defineContract } from './contract.ts'

export const healthViewSchema = z
  .object({
    status: z
      .enum(['healthy', 'degraded'])
      .describe('`degraded`: Redis does not answer; requests still work, with limits counted locally.'),
    version: z.string(),
    database: z.object({ reachable: z.boolean() }),
    redis: z.object({ reachable: z.boolean() }),
  })
  .meta({
    id: 'Health',
    examples: [{ status: 'healthy', version: '1.0.0', database: { reachable: true }, redis: { reachable: true } }],
  })
export type HealthView = z.infer<typeof healthViewSchema>

export const getHealthContract = defineContract({
  id: 'getHealth',
  group: 'Service',
  method: 'GET',
  path: '/health',
  summary: 'Whether the service can work: 503 while the database does not answer',
  responses: { 200: successSchema(healthViewSchema) },
  errors: ['SERVICE_UNAVAILABLE'],
})

export const publicKeySchema = z
  .object({
    kty: z.literal('OKP'),
    crv: z.literal('Ed25519'),
    x: z.string().meta({ examples: ['11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo'] }),
    kid: z.string().meta({ examples: ['2026-01'] }),
    alg: z.literal('EdDSA'),
    use: z.literal('sig'),
  })
  .meta({ id: 'PublicKey', description: 'Public half of an Ed25519 key (RFC 8037).' })
export type PublicKey = z.infer<typeof publicKeySchema>

export const getServiceKeysContract = defineContract({
  id: 'getServiceKeys',
  group: 'Service',
  method: 'GET',
  path: '/.well-known/jwks.json',
  summary: 'Public keys of the service tokens that workers verify (RFC 7517, without the envelope)',
  responses: { 200: z.object({ keys: z.array(publicKeySchema) }) },
  errors: [],
})

export const getOpenApiContract = defineContract({
  id: 'getOpenApi',
  group: 'Service',
  method: 'GET',
  path: '/openapi.json',
  summary: 'This description of the API: OpenAPI 3.1, without the envelope',
  responses: { 200: z.looseObject({ openapi: z.literal('3.1.1') }) },
  errors: [],
})

export const getDocsContract = defineContract({
  id: 'getDocs',
  group: 'Service',
  method: 'GET',
  path: '/docs',
  summary: 'The same description as a page to read',
  responses: {},
  otherMedia: { 'text/html': z.string().describe('A page that needs nothing from elsewhere.') },
  errors: [],
})
