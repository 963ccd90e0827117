import { z } from 'zod'
import { successSchema } from '#contracts/envelope.ts'
import { idSchema } from '#contracts/ids.ts'
import { defineContract } from './contract.ts'
import { pairingCodeViewSchema, requestPairingCodeContract } from './instances.ts'
import { createPairingLinkContract, pairingLinkViewSchema } from './pairing.ts'

/** Pairing by an admin, who then sees what links a phone: each is in the audit log. */

const group = 'Fleet'
const one = '/api/admin/instances/:instance_id'
const params = z.strictObject({ instance_id: idSchema('instance') })

export const followFleetPairingContract = defineContract({
  id: 'followFleetPairing',
  group,
  method: 'GET',
  path: `${one}/pairing/events`,
  summary: 'The pairing of an instance as a stream of events',
  params,
  responses: {},
  otherMedia: {
    'text/event-stream': z
      .string()
      .describe(
        '`state` (an Instance) and `qr` (a QrCode) as they change, until `end` (`reason`: paired, failed, stopped or timeout; after 5 minutes at the latest) or `error` (a Failure).',
      ),
  },
  errors: ['NOT_FOUND', 'CONFLICT'],
})

export const requestFleetPairingCodeContract = defineContract({
  id: 'requestFleetPairingCode',
  group,
  method: 'POST',
  path: `${one}/pairing-code`,
  summary: 'An 8-character code to type on the phone instead of scanning',
  params,
  body: requestPairingCodeContract.body,
  responses: { 201: successSchema(pairingCodeViewSchema) },
  errors: ['NOT_FOUND', 'CONFLICT', 'INSTANCE_NOT_PAIRING', 'PAIRING_REFUSED', 'WORKER_UNAVAILABLE'],
})

export const createFleetPairingLinkContract = defineContract({
  id: 'createFleetPairingLink',
  group,
  method: 'POST',
  path: `${one}/pairing-link`,
  summary: 'A link to a page where the person with the phone links it, by QR or code',
  params,
  body: createPairingLinkContract.body,
  responses: { 201: successSchema(pairingLinkViewSchema) },
  errors: ['NOT_FOUND'],
})
