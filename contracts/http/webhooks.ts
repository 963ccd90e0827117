import { z } from 'zod'
import { cursorListSchema, successSchema } from '#contracts/envelope.ts'
import { eventTypeSchema } from '#contracts/events.ts'
import { exampleWebhook } from '#contracts/examples.ts'
import { cursorQuerySchema, nameSchema } from '#contracts/fields.ts'
import { idSchema } from '#contracts/ids.ts'
import { webhookUrlSchema } from '#contracts/webhook-url.ts'
import { defineContract } from './contract.ts'

const subscriptionsSchema = z
  .array(z.union([z.literal('*'), eventTypeSchema], { error: 'must be an event type or *' }))
  .min(1, 'must name at least one event type, or *')
  .max(50, 'must name at most 50 event types')
  .refine((types) => new Set(types).size === types.length, 'must not name an event type twice')
  .meta({
    description: 'Event types to be told about; `*` is all of them, also those that come later.',
    examples: [exampleWebhook.events],
  })

const webhookFields = z.object({
  id: idSchema('webhook'),
  url: z.string(),
  description: z.string().nullable(),
  events: z.array(z.string()),
  instance_id: idSchema('instance').nullable().describe('Only events of this instance, or of all when null.'),
  status: z.enum(['enabled', 'disabled']),
  disabled_reason: z.string().nullable(),
  created_at: z.iso.datetime(),
})
export const webhookViewSchema = webhookFields.meta({ id: 'Webhook', examples: [exampleWebhook] })
export type WebhookView = z.infer<typeof webhookViewSchema>

const exampleSecret = 'whsec_bm90IGEgc2VjcmV0LCBvbmx5IGFuIGV4YW1wbGU='

export const createdWebhookViewSchema = webhookFields
  .extend({ secret: z.string().describe('Signs what is sent to the endpoint. Shown once, in this answer.') })
  .meta({ id: 'CreatedWebhook', examples: [{ ...exampleWebhook, secret: exampleSecret }] })

const params = z.object({ webhook_id: idSchema('webhook') })

export const createWebhookContract = defineContract({
  id: 'createWebhook',
  group: 'Webhooks',
  method: 'POST',
  path: '/api/v1/webhooks',
  summary: 'Add a webhook endpoint; its signing secret is shown in this answer only',
  body: z.strictObject({
    url: webhookUrlSchema,
    description: nameSchema(200)
      .meta({ examples: ['orders'] })
      .optional(),
    events: subscriptionsSchema.default(['*']),
    instance_id: idSchema('instance').optional(),
  }),
  responses: { 201: successSchema(createdWebhookViewSchema) },
  errors: ['NOT_FOUND', 'CONFLICT'],
})

export const listWebhooksContract = defineContract({
  id: 'listWebhooks',
  group: 'Webhooks',
  method: 'GET',
  path: '/api/v1/webhooks',
  summary: 'List webhook endpoints, newest first',
  query: cursorQuerySchema,
  responses: { 200: cursorListSchema(webhookViewSchema) },
  errors: [],
})

export const getWebhookContract = defineContract({
  id: 'getWebhook',
  group: 'Webhooks',
  method: 'GET',
  path: '/api/v1/webhooks/:webhook_id',
  summary: 'Get one webhook endpoint',
  params,
  responses: { 200: successSchema(webhookViewSchema) },
  errors: ['NOT_FOUND'],
})

export const updateWebhookContract = defineContract({
  id: 'updateWebhook',
  group: 'Webhooks',
  method: 'PATCH',
  path: '/api/v1/webhooks/:webhook_id',
  summary: 'Change a webhook endpoint, or enable it again',
  params,
  body: z
    .strictObject({
      url: webhookUrlSchema.optional(),
      description: nameSchema(200).nullable().optional(),
      events: subscriptionsSchema.optional(),
      status: z.enum(['enabled', 'disabled']).optional(),
    })
    .refine((body) => Object.keys(body).length > 0, 'must change at least one field'),
  responses: { 200: successSchema(webhookViewSchema) },
  errors: ['NOT_FOUND'],
})

export const deleteWebhookContract = defineContract({
  id: 'deleteWebhook',
  group: 'Webhooks',
  method: 'DELETE',
  path: '/api/v1/webhooks/:webhook_id',
  summary: 'Delete a webhook endpoint; what is still due to it is dropped',
  params,
  responses: { 204: null },
  errors: ['NOT_FOUND'],
})

export const testWebhookContract = defineContract({
  id: 'testWebhook',
  group: 'Webhooks',
  method: 'POST',
  path: '/api/v1/webhooks/:webhook_id/test',
  summary: 'Send a `webhook.test` event to this endpoint, signed and retried like any other',
  params,
  responses: { 202: successSchema(z.object({ event_id: idSchema('event') })) },
  errors: ['NOT_FOUND', 'CONFLICT'],
})
