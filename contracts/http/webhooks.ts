import { z } from 'zod'
import { cursorListSchema, successSchema } from '#contracts/envelope.ts'
import { disabledReasonSchema, eventTypeSchema } from '#contracts/events.ts'
import { exampleWebhook } from '#contracts/examples.ts'
import { cursorQuerySchema, nameSchema, timestampSchema } from '#contracts/fields.ts'
import { idempotentHeadersSchema, replayedHeadersSchema, secretShownSchema } from '#contracts/idempotency.ts'
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

export const urlCheckSchema = z.enum(['verified', 'unverified'])

const webhookFields = z.object({
  id: idSchema('webhook'),
  url: z.string(),
  description: z.string().nullable(),
  events: z.array(z.string()),
  instance_id: idSchema('instance').nullable().describe('Only events of this instance, or of all when null.'),
  status: z.enum(['enabled', 'disabled']),
  disabled_reason: disabledReasonSchema
    .nullable()
    .describe(
      'Why we disabled it: `endpoint-gone` (it answered 410) or `endpoint-failing` (for 5 days). Null if you did.',
    ),
  failing_since: z.iso
    .datetime()
    .nullable()
    .describe('The first attempt that failed since one succeeded; null while they succeed.'),
  url_check: urlCheckSchema.describe(
    '`unverified`: the host name could not be looked up when it was saved, and no attempt was answered since.',
  ),
  created_at: z.iso.datetime(),
})
export const webhookViewSchema = webhookFields.meta({ id: 'Webhook', examples: [exampleWebhook] })
export type WebhookView = z.infer<typeof webhookViewSchema>

const exampleSecret = 'whsec_bm90IGEgc2VjcmV0LCBvbmx5IGFuIGV4YW1wbGU='

export const createdWebhookViewSchema = webhookFields
  .extend({
    secret: z.string().optional().describe('Signs what is sent to the endpoint. Shown once, in this answer.'),
    secret_shown: secretShownSchema,
  })
  .meta({ id: 'CreatedWebhook', examples: [{ ...exampleWebhook, secret: exampleSecret }] })

export const rotatedWebhookViewSchema = webhookFields
  .extend({
    secret: z.string().optional().describe('Signs from now on. Shown once, in this answer.'),
    secret_shown: secretShownSchema,
    previous_secret_until: z.iso.datetime().describe('Until then the secret before signs too.'),
  })
  .meta({ id: 'RotatedWebhook' })

const deliveryStatusSchema = z.enum(['pending', 'delivered', 'dead', 'dropped']).meta({
  id: 'DeliveryStatus',
  description: 'pending; delivered; dead: given up after the last attempt; dropped: its endpoint was deleted.',
})

const params = z.object({ webhook_id: idSchema('webhook') })

export const createWebhookContract = defineContract({
  id: 'createWebhook',
  group: 'Webhooks',
  method: 'POST',
  path: '/api/v1/webhooks',
  summary: 'Add a webhook endpoint; its signing secret is shown in this answer only',
  headers: idempotentHeadersSchema,
  body: z.strictObject({
    url: webhookUrlSchema,
    description: nameSchema(200)
      .meta({ examples: ['orders'] })
      .optional(),
    events: subscriptionsSchema.default(['*']),
    instance_id: idSchema('instance').optional(),
  }),
  responses: { 201: successSchema(createdWebhookViewSchema) },
  answerHeaders: replayedHeadersSchema,
  errors: ['NOT_FOUND', 'CONFLICT', 'IDEMPOTENCY_MISMATCH'],
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
  headers: idempotentHeadersSchema,
  responses: { 202: successSchema(z.object({ event_id: idSchema('event') })) },
  answerHeaders: replayedHeadersSchema,
  errors: ['NOT_FOUND', 'CONFLICT', 'IDEMPOTENCY_MISMATCH'],
})

export const rotateSecretContract = defineContract({
  id: 'rotateSecret',
  group: 'Webhooks',
  method: 'POST',
  path: '/api/v1/webhooks/:webhook_id/rotate-secret',
  summary: 'Give an endpoint a new signing secret, shown in this answer only; for 24 hours the old one signs too',
  params,
  headers: idempotentHeadersSchema,
  responses: { 200: successSchema(rotatedWebhookViewSchema) },
  answerHeaders: replayedHeadersSchema,
  errors: ['NOT_FOUND', 'CONFLICT', 'IDEMPOTENCY_MISMATCH'],
})

export const deliveryViewSchema = z
  .object({
    event_id: idSchema('event').describe('The `webhook-id` of every attempt.'),
    event_type: eventTypeSchema,
    event_timestamp: z.iso.datetime(),
    status: deliveryStatusSchema,
    attempt_count: z.number().int(),
    attempts: z
      .array(
        z.object({
          attempt: z.number().int(),
          attempted_at: z.iso.datetime(),
          duration_ms: z.number().int(),
          status: z.number().int().nullable().describe('HTTP status; null when there was no answer.'),
          error: z.string().nullable().describe('Why there was no answer.'),
          response: z.string().nullable().describe('The first kilobyte of the answer.'),
        }),
      )
      .describe('The last 20, oldest first.'),
    next_attempt_at: z.iso.datetime().nullable().describe('While it is pending.'),
    finished_at: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Delivery' })
export type DeliveryView = z.infer<typeof deliveryViewSchema>

export const listDeliveriesContract = defineContract({
  id: 'listDeliveries',
  group: 'Webhooks',
  method: 'GET',
  path: '/api/v1/webhooks/:webhook_id/deliveries',
  summary: 'List what was or will be sent to an endpoint with every attempt, newest first',
  params,
  query: cursorQuerySchema.extend({
    status: deliveryStatusSchema.optional(),
    event_type: eventTypeSchema.optional().describe('Only deliveries of events of this type.'),
  }),
  responses: { 200: cursorListSchema(deliveryViewSchema) },
  errors: ['NOT_FOUND'],
})

export const replayDeliveriesContract = defineContract({
  id: 'replayDeliveries',
  group: 'Webhooks',
  method: 'POST',
  path: '/api/v1/webhooks/:webhook_id/replay',
  summary: 'Send again, under the same `webhook-id`, what was delivered or given up: one event, or all of a time',
  params,
  headers: idempotentHeadersSchema,
  body: z
    .strictObject({
      event_id: idSchema('event').optional().describe('This event alone.'),
      from: timestampSchema.optional().describe('All events since then ...'),
      to: timestampSchema.optional().describe('... and before this; now if absent.'),
    })
    .refine(
      ({ event_id: eventId, from, to }) => (eventId === undefined) !== (from === undefined && to === undefined),
      'must have either event_id or from',
    )
    .refine(({ from, to }) => from !== undefined || to === undefined, 'must have from beside to')
    .meta({ examples: [{ from: '2026-01-31T12:00:00Z', to: '2026-01-31T13:00:00Z' }] }),
  responses: {
    202: successSchema(
      z.object({
        replayed: z.number().int().describe('How many are due again; at most 1,000.'),
        continue_from: z.iso.datetime().nullable().describe('There were more: the next `from`.'),
      }),
    ),
  },
  answerHeaders: replayedHeadersSchema,
  errors: ['NOT_FOUND', 'CONFLICT', 'IDEMPOTENCY_MISMATCH'],
})
