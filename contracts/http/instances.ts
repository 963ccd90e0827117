import { z } from 'zod'
import { cursorListSchema, successSchema } from '#contracts/envelope.ts'
import type { ErrorCode } from '#contracts/errors.ts'
import { cursorQuerySchema, nameSchema, phoneNumberSchema } from '#contracts/fields.ts'
import { idSchema } from '#contracts/ids.ts'
import { desiredStatuses, instanceStateSchema, stateReasonSchema } from '#contracts/instance-states.ts'
import { defineContract } from './contract.ts'

export const instanceViewSchema = z.object({
  id: idSchema('instance'),
  name: z.string(),
  desired: z.enum(desiredStatuses),
  state: instanceStateSchema,
  reason: stateReasonSchema.nullable(),
  reason_text: z.string().nullable(),
  /** The WhatsApp number in E.164 form, once paired. */
  phone_number: z.string().nullable(),
  state_changed_at: z.iso.datetime(),
  created_at: z.iso.datetime(),
})
export type InstanceView = z.infer<typeof instanceViewSchema>

const params = z.object({ instance_id: idSchema('instance') })
const instanceAnswer = successSchema(instanceViewSchema)

export const createInstanceContract = defineContract({
  method: 'POST',
  path: '/api/v1/instances',
  summary: 'Create an instance; it is placed on a server and, unless told otherwise, started',
  body: z.strictObject({
    name: nameSchema(),
    /** Start at once, so that a QR code is ready to be scanned. */
    start: z.boolean().default(true),
  }),
  responses: { 201: instanceAnswer },
  errors: ['INSTANCE_LIMIT_REACHED', 'NO_CAPACITY'],
})

export const listInstancesContract = defineContract({
  method: 'GET',
  path: '/api/v1/instances',
  summary: 'List instances, newest first',
  query: cursorQuerySchema.extend({ state: instanceStateSchema.optional() }),
  responses: { 200: cursorListSchema(instanceViewSchema) },
  errors: [],
})

export const getInstanceContract = defineContract({
  method: 'GET',
  path: '/api/v1/instances/:instance_id',
  summary: 'Get one instance with its state and the reason for it',
  params,
  responses: { 200: instanceAnswer },
  errors: ['NOT_FOUND'],
})

export const updateInstanceContract = defineContract({
  method: 'PATCH',
  path: '/api/v1/instances/:instance_id',
  summary: 'Rename an instance',
  params,
  body: z.strictObject({ name: nameSchema() }),
  responses: { 200: instanceAnswer },
  errors: ['NOT_FOUND'],
})

export const deleteInstanceContract = defineContract({
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

export const qrViewSchema = z.object({
  /** The text to render as a QR code. */
  qr: z.string(),
  expires_at: z.iso.datetime(),
})
export type QrView = z.infer<typeof qrViewSchema>

export const getQrContract = defineContract({
  method: 'GET',
  path: '/api/v1/instances/:instance_id/qr',
  summary: 'The QR code to scan now; ask again when it has expired',
  params,
  responses: { 200: successSchema(qrViewSchema) },
  errors: ['NOT_FOUND', 'CONFLICT', 'INSTANCE_NOT_PAIRING', 'WORKER_UNAVAILABLE'],
})

export const pairingCodeViewSchema = z.object({
  /** Eight characters to type on the phone. */
  code: z.string(),
  expires_at: z.iso.datetime(),
})
export type PairingCodeView = z.infer<typeof pairingCodeViewSchema>

export const requestPairingCodeContract = defineContract({
  method: 'POST',
  path: '/api/v1/instances/:instance_id/pairing-code',
  summary: 'An 8-character code to type on the phone instead of scanning',
  params,
  body: z.strictObject({ phone_number: phoneNumberSchema }),
  responses: { 201: successSchema(pairingCodeViewSchema) },
  errors: ['NOT_FOUND', 'CONFLICT', 'INSTANCE_NOT_PAIRING', 'PAIRING_REFUSED', 'WORKER_UNAVAILABLE'],
})
