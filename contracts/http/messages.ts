import { z } from 'zod'
import { cursorListSchema, successSchema } from '#contracts/envelope.ts'
import { cursorQuerySchema, phoneNumberSchema, textSchema, timestampSchema } from '#contracts/fields.ts'
import { idempotentHeadersSchema, replayedHeadersSchema } from '#contracts/idempotency.ts'
import { idSchema } from '#contracts/ids.ts'
import { maxTextLength, textContentSchema, unknownTypeError } from '#contracts/message-content.ts'
import { messageStatusSchema } from '#contracts/message-status.ts'
import { defineContract } from './contract.ts'
import { messageViewSchema } from './message-view.ts'

const params = z.object({ instance_id: idSchema('instance') })

/** Longest wait that `Prefer: wait=N` can ask for, in seconds (RFC 7240). */
export const maxWaitSeconds = 30

export const sendHeadersSchema = idempotentHeadersSchema.extend({
  prefer: z
    .string()
    .max(200, 'must have at most 200 characters')
    .optional()
    .meta({
      description: `\`wait=N\` holds the answer until WhatsApp has the message, or N seconds (at most ${maxWaitSeconds}; RFC 7240).`,
      examples: ['wait=10'],
    }),
})

/** Headers of the answer to a message that was accepted. */
const sentHeadersSchema = replayedHeadersSchema.extend({
  'preference-applied': z
    .string()
    .optional()
    .meta({ description: 'What of `Prefer` was applied.', examples: ['wait=10'] }),
})

/** Fields that every kind of message shares. */
const deliveryOptions = {
  to: phoneNumberSchema,
  context: z
    .strictObject({ message_id: idSchema('message') })
    .optional()
    .describe('Quotes a message of the same instance.'),
  expires_at: timestampSchema
    .optional()
    .describe('The message is given up at this moment; at most 7 days ahead, by default in 24 hours.'),
  if_disconnected: z
    .enum(['queue', 'reject'])
    .default('queue')
    .describe('While the instance is not connected: keep the message until it is, or answer 409.'),
}

export const sendMessageBodySchema = z
  .discriminatedUnion('type', [textContentSchema.extend(deliveryOptions)], { error: unknownTypeError })
  .meta({ id: 'SendMessage', examples: [{ to: '+5511999990002', type: 'text', text: { body: 'Hello' } }] })
export type SendMessageBody = z.infer<typeof sendMessageBodySchema>

const sendErrors = ['NOT_FOUND', 'INSTANCE_NOT_CONNECTED', 'IDEMPOTENCY_MISMATCH', 'QUOTA_EXCEEDED'] as const

export const sendMessageContract = defineContract({
  id: 'sendMessage',
  group: 'Messages',
  method: 'POST',
  path: '/api/v1/instances/:instance_id/messages',
  summary: 'Send a message: 202 once it is stored, or 201 once WhatsApp has it when `Prefer: wait=N` is given',
  params,
  headers: sendHeadersSchema,
  body: sendMessageBodySchema,
  responses: { 201: successSchema(messageViewSchema), 202: successSchema(messageViewSchema) },
  answerHeaders: sentHeadersSchema,
  errors: sendErrors,
})

export const sendShortContract = defineContract({
  id: 'sendShort',
  group: 'Messages',
  method: 'POST',
  path: '/send/message',
  summary: "Send a text from the key's default instance, or from the customer's only one",
  headers: sendHeadersSchema,
  body: z.strictObject({
    phone: phoneNumberSchema,
    message: textSchema(maxTextLength).meta({ examples: ['Hello'] }),
  }),
  responses: { 201: successSchema(messageViewSchema), 202: successSchema(messageViewSchema) },
  answerHeaders: sentHeadersSchema,
  errors: [...sendErrors, 'NO_DEFAULT_INSTANCE'],
})

export const listMessagesContract = defineContract({
  id: 'listMessages',
  group: 'Messages',
  method: 'GET',
  path: '/api/v1/instances/:instance_id/messages',
  summary: 'List messages of an instance, newest first',
  params,
  query: cursorQuerySchema.extend({
    direction: z.enum(['outbound', 'inbound']).optional(),
    status: messageStatusSchema.optional(),
    chat: textSchema(100).optional().describe('Only messages of this conversation.'),
  }),
  responses: { 200: cursorListSchema(messageViewSchema) },
  errors: ['NOT_FOUND'],
})

export const cancelMessageContract = defineContract({
  id: 'cancelMessage',
  group: 'Messages',
  method: 'POST',
  path: '/api/v1/messages/:message_id/cancel',
  summary: 'Cancel a message that is still queued; 409 once it is on its way or ended otherwise',
  params: z.object({ message_id: idSchema('message') }),
  responses: { 200: successSchema(messageViewSchema) },
  errors: ['NOT_FOUND', 'CONFLICT'],
})

export const getMessageContract = defineContract({
  id: 'getMessage',
  group: 'Messages',
  method: 'GET',
  path: '/api/v1/messages/:message_id',
  summary: 'Get one message with its status and times',
  params: z.object({ message_id: idSchema('message') }),
  responses: { 200: successSchema(messageViewSchema) },
  errors: ['NOT_FOUND'],
})
