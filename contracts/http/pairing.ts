import { z } from 'zod'
import { successSchema } from '#contracts/envelope.ts'
import { idSchema } from '#contracts/ids.ts'
import { instanceStateSchema, stateReasonSchema } from '#contracts/instance-states.ts'
import { defineContract } from './contract.ts'
import { pairingCodeViewSchema, requestPairingCodeContract } from './instances.ts'

/** A pairing link is good for at most so long. */
export const longestLinkHours = 168

export const pairingLinkViewSchema = z
  .object({
    url: z.string().describe('Give it to nobody but the person with the phone: whoever opens it can link a phone.'),
    expires_at: z.iso.datetime(),
  })
  .meta({ id: 'PairingLink' })
export type PairingLinkView = z.infer<typeof pairingLinkViewSchema>

export const createPairingLinkContract = defineContract({
  id: 'createPairingLink',
  group: 'Instances',
  method: 'POST',
  path: '/api/v1/instances/:instance_id/pairing-link',
  summary: 'A link to a page where a person without a key links the phone, by QR or code',
  params: z.object({ instance_id: idSchema('instance') }),
  body: z.strictObject({
    valid_hours: z
      .number()
      .int('must be a whole number')
      .min(1, 'must be at least 1')
      .max(longestLinkHours, `must be at most ${longestLinkHours}`)
      .default(24),
  }),
  responses: { 201: successSchema(pairingLinkViewSchema) },
  errors: ['NOT_FOUND'],
})

/** What the bearer of a link may know. */
export const pairingViewSchema = z
  .object({
    customer_name: z.string(),
    instance_name: z.string(),
    state: instanceStateSchema,
    reason: stateReasonSchema.nullable(),
    link_expires_at: z.iso.datetime(),
  })
  .meta({ id: 'Pairing' })
export type PairingView = z.infer<typeof pairingViewSchema>

export const getPairingContract = defineContract({
  id: 'getPairing',
  group: 'Pairing page',
  method: 'GET',
  path: '/api/pair',
  summary: 'Whose number this link pairs, and how far it is',
  responses: { 200: successSchema(pairingViewSchema) },
  errors: [],
})

export const startPairingContract = defineContract({
  id: 'startPairing',
  group: 'Pairing page',
  method: 'POST',
  path: '/api/pair/start',
  summary: 'Start pairing, also once more after it failed; what is linked stays so',
  responses: { 202: successSchema(pairingViewSchema) },
  errors: ['CONFLICT'],
})

export const followPairingContract = defineContract({
  id: 'followPairing',
  group: 'Pairing page',
  method: 'GET',
  path: '/api/pair/events',
  summary: 'The pairing as a stream of events',
  responses: {},
  otherMedia: {
    'text/event-stream': z
      .string()
      .describe(
        '`state` (a Pairing) and `qr` (a QrCode) as they change, until `end` (`reason`: paired, failed, stopped or timeout; after 5 minutes at the latest) or `error` (a Failure).',
      ),
  },
  errors: ['CONFLICT'],
})

export const requestGuestCodeContract = defineContract({
  id: 'requestGuestCode',
  group: 'Pairing page',
  method: 'POST',
  path: '/api/pair/code',
  summary: 'An 8-character code to type on the phone instead of scanning',
  body: requestPairingCodeContract.body,
  responses: { 201: successSchema(pairingCodeViewSchema) },
  errors: ['CONFLICT', 'INSTANCE_NOT_PAIRING', 'PAIRING_REFUSED', 'WORKER_UNAVAILABLE'],
})
