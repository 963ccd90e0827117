import { z } from 'zod'
import { exampleDisabled, exampleQr, exampleSendingLimit, exampleStateChange } from './examples.ts'
import { idSchema } from './ids.ts'
import { instanceStateSchema, stateReasonSchema } from './instance-states.ts'
import { messageViewSchema } from './http/message-view.ts'
import { sendingLimitReasonSchema } from './sending-limits.ts'

/** Everything that Wharf tells a customer about, by webhook or from the event log. */
export const eventTypes = [
  'instance.state_changed',
  'instance.qr',
  'instance.sending_limited',
  'message.received',
  'message.sent',
  'message.delivered',
  'message.read',
  'message.failed',
  'message.undecryptable',
  'webhook.test',
  'webhook.disabled',
] as const
export type EventType = (typeof eventTypes)[number]
export const eventTypeSchema = z.enum(eventTypes).meta({ id: 'EventType' })

/** What has happened, in a sentence for the documentation. */
export const eventMeanings: Record<EventType, string> = {
  'instance.state_changed': 'An instance has a new state or another reason for it.',
  'instance.qr': 'There is a new QR code to scan.',
  'instance.sending_limited': 'WhatsApp limits what an instance may send: until when, and what waits.',
  'message.received': 'Somebody wrote to an instance.',
  'message.sent': 'WhatsApp has a message of yours.',
  'message.delivered': 'A message reached a device of its recipient.',
  'message.read': 'A message was read.',
  'message.failed': 'A message will not be sent; its `error` says why.',
  'message.undecryptable':
    'A message arrived that could not be read, and its sender was asked for it again; or, with `resolved`, that message can be read now.',
  'webhook.test': 'Somebody asked for this test.',
  'webhook.disabled': 'We disabled a webhook endpoint: it is gone, or failed for 5 days. The others are told.',
}

/** Why an endpoint was disabled by us: it answered 410, or no attempt succeeded for 5 days. */
export const disabledReasonSchema = z.enum(['endpoint-gone', 'endpoint-failing'])
export type DisabledReason = z.infer<typeof disabledReasonSchema>

export const instanceStateChangedSchema = z
  .object({
    instance_id: idSchema('instance'),
    state: instanceStateSchema,
    reason: stateReasonSchema.nullable(),
    reason_text: z.string().nullable(),
    phone_number: z.string().nullable(),
  })
  .meta({ examples: [exampleStateChange] })

/** `data` of each event type, in the shape that webhooks and the event log show. */
export const eventDataSchemas = {
  'instance.state_changed': instanceStateChangedSchema,
  'instance.qr': z.object({
    instance_id: idSchema('instance'),
    qr: z.string().meta({ examples: [exampleQr.qr] }),
    expires_at: z.iso.datetime(),
  }),
  'instance.sending_limited': z
    .object({
      instance_id: idSchema('instance'),
      reason: sendingLimitReasonSchema,
      reason_text: z.string(),
      effect: z
        .enum(['new-chats-held', 'sending-slowed'])
        .describe('What waits: first messages to new chats, all of them; or each message a little.'),
      until: z.iso.datetime(),
    })
    .meta({ examples: [exampleSendingLimit] }),
  'message.received': messageViewSchema,
  'message.sent': messageViewSchema,
  'message.delivered': messageViewSchema,
  'message.read': messageViewSchema,
  'message.failed': messageViewSchema,
  'message.undecryptable': z.object({
    instance_id: idSchema('instance'),
    message_id: idSchema('message').describe('The `id` that the message has in `message.received`, should it come.'),
    from: z.string().nullable(),
    chat: z.string(),
    wa_message_id: z.string(),
    resolved: z
      .boolean()
      .describe('False: it cannot be read so far. True: it came again, and the event before this one showed it.'),
  }),
  'webhook.test': z.object({ webhook_id: idSchema('webhook'), note: z.string() }),
  'webhook.disabled': z
    .object({
      webhook_id: idSchema('webhook'),
      reason: disabledReasonSchema,
      failing_since: z.iso.datetime().nullable(),
    })
    .meta({ examples: [exampleDisabled] }),
} as const satisfies Record<EventType, z.ZodType>

export type EventData<T extends EventType> = z.infer<(typeof eventDataSchemas)[T]>

/** The body of a webhook and an entry of the event log. `sequence` counts per instance and has no gaps. */
export const eventSchema = z
  .object({
    id: idSchema('event'),
    type: eventTypeSchema,
    timestamp: z.iso.datetime(),
    instance_id: idSchema('instance').nullable(),
    sequence: z
      .number()
      .int()
      .nonnegative()
      .nullable()
      .meta({ description: 'Counts per instance, without gaps.', examples: [42] }),
    data: z.record(z.string(), z.unknown()).describe('What happened; its shape follows from `type`.'),
  })
  .meta({ id: 'Event' })
export type WharfEvent = z.infer<typeof eventSchema>
