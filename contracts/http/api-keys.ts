import { z } from 'zod'
import { successSchema } from '#contracts/envelope.ts'
import { exampleApiKey, exampleKeySecret } from '#contracts/examples.ts'
import { nameSchema, timestampSchema } from '#contracts/fields.ts'
import { idempotentHeadersSchema, replayedHeadersSchema, secretShownSchema } from '#contracts/idempotency.ts'
import { idSchema } from '#contracts/ids.ts'
import { scopeSchema } from '#contracts/scopes.ts'
import { defineContract } from './contract.ts'

const group = 'API keys'

const scopesSchema = z
  .array(scopeSchema)
  .min(1, 'must name at least one scope')
  .refine((given) => new Set(given).size === given.length, 'must not name a scope twice')

const apiKeyFields = z.object({
  id: idSchema('apiKey'),
  name: z.string(),
  public_id: z.string().describe('The eight characters of the key between its underscores, which are not secret.'),
  scopes: z.array(scopeSchema).describe('What the key may do.'),
  default_instance_id: idSchema('instance').nullable(),
  allowed_addresses: z
    .array(z.string())
    .nullable()
    .describe('Networks in CIDR form that the key may be used from; null is everywhere.'),
  expires_at: timestampSchema.nullable().describe('From then on the key opens nothing; null is never.'),
  last_used_at: timestampSchema.nullable().describe('To the minute; null before the first use.'),
  created_at: timestampSchema,
})
export const apiKeyViewSchema = apiKeyFields.meta({ id: 'ApiKey', examples: [exampleApiKey] })
export type ApiKeyView = z.infer<typeof apiKeyViewSchema>

export const createdApiKeyViewSchema = apiKeyFields
  .extend({
    secret: z.string().optional().describe('The key itself. Shown once, in this answer.'),
    secret_shown: secretShownSchema,
  })
  .meta({ id: 'CreatedApiKey', examples: [{ ...exampleApiKey, secret: exampleKeySecret }] })

export const newApiKeySchema = z.strictObject({
  name: nameSchema().meta({ examples: ['production'] }),
  scopes: scopesSchema.describe('What the key may do.').meta({ examples: [['messages:send']] }),
  allowed_addresses: z
    .array(z.string().max(49, 'must have at most 49 characters'))
    .min(1, 'must name at least one network')
    .max(20, 'must name at most 20 networks')
    .optional()
    .describe('Addresses or networks in CIDR form, IPv4 or IPv6, that the key may be used from; everywhere if absent.')
    .meta({ examples: [['203.0.113.7', '2001:db8::/48']] }),
  expires_at: timestampSchema.optional().describe('In the future; never if absent.'),
})
export type NewApiKeyBody = z.infer<typeof newApiKeySchema>

export const createApiKeyContract = defineContract({
  id: 'createApiKey',
  group,
  method: 'POST',
  path: '/api/v1/api-keys',
  summary: 'Make another key, with no scope that the key in use lacks; it is shown in this answer only',
  headers: idempotentHeadersSchema,
  body: newApiKeySchema,
  responses: { 201: successSchema(createdApiKeyViewSchema) },
  answerHeaders: replayedHeadersSchema,
  errors: ['CONFLICT', 'IDEMPOTENCY_MISMATCH'],
})

export const listApiKeysContract = defineContract({
  id: 'listApiKeys',
  group,
  method: 'GET',
  path: '/api/v1/api-keys',
  summary: 'All keys of the account that were not revoked, newest first',
  responses: { 200: successSchema(z.array(apiKeyViewSchema)) },
  errors: [],
})

export const revokeApiKeyContract = defineContract({
  id: 'revokeApiKey',
  group,
  method: 'DELETE',
  path: '/api/v1/api-keys/:api_key_id',
  summary: 'Revoke a key: its next request is refused. The last one that may manage keys stays',
  params: z.strictObject({ api_key_id: idSchema('apiKey') }),
  responses: { 204: null },
  errors: ['NOT_FOUND', 'CONFLICT'],
})
