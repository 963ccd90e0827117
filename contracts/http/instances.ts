import { z } from 'zod'
import { cursorListSchema, successSchema } from '#contracts/envelope.ts'
import type { ErrorCode } from '#contracts/errors.ts'
import { exampleInstance, exampleQr } from '#contracts/examples.ts'
import { cursorQuerySchema, nameSchema, phoneNumberSchema } from '#contracts/fields.ts'
import { idempotentHeadersSchema, replayedHeadersSchema } from '#contracts/idempotency.ts'
import { idSchema } from '#contracts/ids.ts'
import { desiredStatuses, instanceStateSchema, stateReasonSchema } from '#contracts/instance-states.ts'
import { newChatsPerMinute } from '#contracts/sending-limits.ts'
import { defineContract } from './contract.ts'

export const instanceViewSchema = z
  .object({
    id: idSchema('instance'),
    name: z.string(),
    desired: z.enum(desiredStatuses).describe('What was asked for; the state follows.'),
    state: instanceStateSchema,
    reason: stateReasonSchema.nullable().describe('Why it is in its state.'),
    reason_text: z.string().nullable().describe('The same as a sentence for people.'),
    phone_number: z.string().nullable().describe('The WhatsApp number in E.164 form, once paired.'),
    new_chats_per_minute: z
      .number()
      .int()
      .nullable()
      .describe(`First messages to new chats per minute; null is the default, ${newChatsPerMinute.default}.`),
    new_chats_held_until: z.iso
      .datetime()
      .nullable()
      .describe('WhatsApp restricted the number: first messages to new chats wait until then.'),
    slowed_until: z.iso
      .datetime()
      .nullable()
      .describe('WhatsApp said "too fast": all messages leave slower until then.'),
    state_changed_at: z.iso.datetime(),
    created_at: z.iso.datetime(),
  })
  .meta({ id: 'Instance', examples: [exampleInstance] })
export type InstanceView = z.infer<typeof instanceViewSchema>

const params = z.object({ instance_id: idSchema('instance') })
const instanceAnswer = successSchema(instanceViewSchema)

export const createInstanceContract = defineContract({
  id: 'createInstance',
  group: 'Instances',
  method: 'POST',
  path: '/api/v1/instances',
  summary: 'Create an instance; it is placed on a server and, unless told otherwise, started',
  headers: idempotentHeadersSchema,
  body: z.strictObject({
    name: nameSchema().meta({ examples: ['shop'] }),
    start: z.boolean().default(true).describe('Start at once, so that a QR code is ready to be scanned.'),
  }),
  responses: { 201: instanceAnswer },
  answerHeaders: replayedHeadersSchema,
  errors: ['INSTANCE_LIMIT_REACHED', 'NO_CAPACITY', 'CONFLICT', 'IDEMPOTENCY_MISMATCH'],
})

export const listInstancesContract = defineContract({
  id: 'listInstances',
  group: 'Instances',
  method: 'GET',
  path: '/api/v1/instances',
  summary: 'List instances, newest first',
  query: cursorQuerySchema.extend({ state: instanceStateSchema.optional() }),
  responses: { 200: cursorListSchema(instanceViewSchema) },
  errors: [],
})

export const getInstanceContract = defineContract({
  id: 'getInstance',
  group: 'Instances',
  method: 'GET',
  path: '/api/v1/instances/:instance_id',
  summary: 'Get one instance with its state and the reason for it',
  params,
  responses: { 200: instanceAnswer },
  errors: ['NOT_FOUND'],
})

export const updateInstanceContract = defineContract({
  id: 'updateInstance',
  group: 'Instances',
  method: 'PATCH',
  path: '/api/v1/instances/:instance_id',
  summary: 'Rename an instance, or change the pace at which it writes to new chats',
  params,
  body: z
    .strictObject({
      name: nameSchema()
        .optional()
        .meta({ examples: ['shop'] }),
      new_chats_per_minute: z
        .number()
        .int('must be a whole number')
        .min(newChatsPerMinute.least, `must be at least ${newChatsPerMinute.least}`)
        .max(newChatsPerMinute.most, `must be at most ${newChatsPerMinute.most}`)
        .nullable()
        .optional()
        .describe('First messages to new chats per minute; null is the default.'),
    })
    .refine((body) => Object.keys(body).length > 0, 'must change at least one field'),
  responses: { 200: instanceAnswer },
  errors: ['NOT_FOUND'],
})

export const deleteInstanceContract = defineContract({
  id: 'deleteInstance',
  group: 'Instances',
  method: 'DELETE',
  path: '/api/v1/instances/:instance_id',
  summary: 'Delete an instance: its session ends and its credentials are erased',
  params,
  responses: { 204: null },
  errors: ['NOT_FOUND'],
})

function lifecycle<const P extends string, const E extends ErrorCode>(
  action: P,
  summary: string,
  errors: readonly E[],
) {
  return defineContract({
    id: `${action}Instance` as const,
    group: 'Instances',
    method: 'POST',
    path: `/api/v1/instances/:instance_id/${action}`,
    summary,
    params,
    responses: { 202: instanceAnswer },
    errors: ['NOT_FOUND', ...errors],
  })
}

export const startInstanceContract = lifecycle('start', 'Start: connect, or show a QR code when not paired yet', [])
export const stopInstanceContract = lifecycle('stop', 'Stop: disconnect and stay so; the pairing is kept', [])
export const restartInstanceContract = lifecycle('restart', 'Restart the connection; the pairing is kept', [
  'CONFLICT',
  'WORKER_UNAVAILABLE',
])
export const logoutInstanceContract = lifecycle('logout', 'Log out: unlink the device from the phone and stop', [
  'CONFLICT',
  'WORKER_UNAVAILABLE',
])

export const qrViewSchema = z
  .object({ qr: z.string().describe('The text to render as a QR code.'), expires_at: z.iso.datetime() })
  .meta({ id: 'QrCode', examples: [exampleQr] })
export type QrView = z.infer<typeof qrViewSchema>

export const getQrContract = defineContract({
  id: 'getQr',
  group: 'Instances',
  method: 'GET',
  path: '/api/v1/instances/:instance_id/qr',
  summary: 'The QR code to scan now: as text, as a picture, or as a stream of events until the phone is linked',
  params,
  headers: z.object({
    accept: z.string().max(1000, 'must have at most 1000 characters').optional(),
    'last-event-id': z
      .string()
      .max(100, 'must have at most 100 characters')
      .optional()
      .describe('Of a stream that broke off: what was told before is not told again.'),
  }),
  responses: { 200: successSchema(qrViewSchema) },
  otherMedia: {
    'image/png': z
      .string()
      .meta({ description: 'The code as a picture of one bit per pixel.', contentMediaType: 'image/png' }),
    'image/svg+xml': z.string().describe('The code as a picture of any size.'),
    'text/event-stream': z
      .string()
      .describe(
        '`state` (an Instance) and `qr` (a QrCode) as they change, until `end` (`reason`: paired, failed, stopped or timeout; after 5 minutes at the latest) or `error` (a Failure). Close the stream at `end`.',
      ),
  },
  errors: ['NOT_FOUND', 'NOT_ACCEPTABLE', 'CONFLICT', 'INSTANCE_NOT_PAIRING', 'WORKER_UNAVAILABLE'],
})

export const pairingCodeViewSchema = z
  .object({
    code: z.string().meta({ description: 'Eight characters to type on the phone.', examples: ['ABCD1234'] }),
    expires_at: z.iso.datetime(),
  })
  .meta({ id: 'PairingCode' })
export type PairingCodeView = z.infer<typeof pairingCodeViewSchema>

export const requestPairingCodeContract = defineContract({
  id: 'requestPairingCode',
  group: 'Instances',
  method: 'POST',
  path: '/api/v1/instances/:instance_id/pairing-code',
  summary: 'An 8-character code to type on the phone instead of scanning',
  params,
  body: z.strictObject({ phone_number: phoneNumberSchema }),
  responses: { 201: successSchema(pairingCodeViewSchema) },
  errors: ['NOT_FOUND', 'CONFLICT', 'INSTANCE_NOT_PAIRING', 'PAIRING_REFUSED', 'WORKER_UNAVAILABLE'],
})
