import { z } from 'zod'
import { cursorListSchema, successSchema, tableSchema } from '#contracts/envelope.ts'
import { exampleId, exampleInstance } from '#contracts/examples.ts'
import { cursorQuerySchema, tableQuerySchema, textSchema } from '#contracts/fields.ts'
import { idSchema } from '#contracts/ids.ts'
import { instanceStateSchema, stateReasonSchema } from '#contracts/instance-states.ts'
import { defineContract } from './contract.ts'
import { instanceViewSchema } from './instances.ts'
import { moveViewSchema } from './servers.ts'

const group = 'Fleet'
const base = '/api/admin/instances'
const one = `${base}/:instance_id`
const params = z.strictObject({ instance_id: idSchema('instance') })

const serverOf = z.object({ id: idSchema('server'), name: z.string() })

export const fleetInstanceViewSchema = instanceViewSchema
  .extend({
    customer: z.object({ id: idSchema('customer'), name: z.string() }),
    server: serverOf.describe('Where it is placed.'),
    held_by: serverOf
      .nullable()
      .describe('Whose worker holds its session now: another than `server` while a move goes on; null is nobody.'),
  })
  .meta({
    id: 'FleetInstance',
    examples: [
      {
        ...exampleInstance,
        customer: { id: exampleId('cus'), name: 'Shop' },
        server: { id: exampleId('srv'), name: 'sao-paulo-1' },
        held_by: { id: exampleId('srv'), name: 'sao-paulo-1' },
      },
    ],
  })
export type FleetInstanceView = z.infer<typeof fleetInstanceViewSchema>

const oneInstance = successSchema(fleetInstanceViewSchema)

const listQuery = tableQuerySchema.extend({
  state: instanceStateSchema.optional(),
  q: textSchema(100)
    .optional()
    .describe('How the name begins, in any case; or a whole id or phone number of an instance.'),
  sort: z.enum(['-created_at', 'created_at', 'name', '-name']).default('-created_at').describe('`-` is descending.'),
})

export const listFleetInstancesContract = defineContract({
  id: 'listFleetInstances',
  group,
  method: 'GET',
  path: base,
  summary: 'The instances of all customers, newest first unless sorted otherwise',
  query: listQuery.extend({
    server_id: idSchema('server').optional().describe('Placed there, or held there still.'),
    customer_id: idSchema('customer').optional(),
  }),
  responses: { 200: tableSchema(fleetInstanceViewSchema) },
  errors: [],
})

export const listServerInstancesContract = defineContract({
  id: 'listServerInstances',
  group,
  method: 'GET',
  path: '/api/admin/servers/:server_id/instances',
  summary: 'The instances that are placed on a server, or held there until they are handed over',
  params: z.strictObject({ server_id: idSchema('server') }),
  query: listQuery,
  responses: { 200: tableSchema(fleetInstanceViewSchema) },
  errors: ['NOT_FOUND'],
})

export const getFleetInstanceContract = defineContract({
  id: 'getFleetInstance',
  group,
  method: 'GET',
  path: one,
  summary: 'An instance with its customer and its servers; a move is over when `held_by` is `server`',
  params,
  responses: { 200: oneInstance },
  errors: ['NOT_FOUND'],
})

export const stateChangeViewSchema = z
  .object({
    id: idSchema('event'),
    state: instanceStateSchema,
    reason: stateReasonSchema.nullable(),
    reason_text: z.string().nullable().describe('The reason as a sentence for people.'),
    occurred_at: z.iso.datetime(),
  })
  .meta({ id: 'StateChange' })
export type StateChangeView = z.infer<typeof stateChangeViewSchema>

export const listStateChangesContract = defineContract({
  id: 'listStateChanges',
  group,
  method: 'GET',
  path: `${one}/history`,
  summary: 'The states that it has had and why, newest first; of the last 30 days',
  params,
  query: cursorQuerySchema,
  responses: { 200: cursorListSchema(stateChangeViewSchema) },
  errors: ['NOT_FOUND'],
})

export const moveFleetInstanceContract = defineContract({
  id: 'moveFleetInstance',
  group,
  method: 'POST',
  path: `${one}/move`,
  summary: 'Order that it be moved to a server, or to the best other one; it works where it is until then',
  params,
  body: z.strictObject({ server_id: idSchema('server').optional() }),
  responses: { 202: oneInstance },
  errors: ['NOT_FOUND', 'NO_CAPACITY'],
})

export const startFleetInstanceContract = defineContract({
  id: 'startFleetInstance',
  group,
  method: 'POST',
  path: `${one}/start`,
  summary: 'Start: connect, or show a QR code when not paired yet',
  params,
  responses: { 202: oneInstance },
  errors: ['NOT_FOUND'],
})

export const restartFleetInstanceContract = defineContract({
  id: 'restartFleetInstance',
  group,
  method: 'POST',
  path: `${one}/restart`,
  summary: 'Restart the connection; the pairing is kept',
  params,
  responses: { 202: oneInstance },
  errors: ['NOT_FOUND', 'CONFLICT', 'WORKER_UNAVAILABLE'],
})

export const logoutFleetInstanceContract = defineContract({
  id: 'logoutFleetInstance',
  group,
  method: 'POST',
  path: `${one}/logout`,
  summary: 'Log out: unlink the device from the phone and stop',
  params,
  responses: { 202: oneInstance },
  errors: ['NOT_FOUND', 'CONFLICT', 'WORKER_UNAVAILABLE'],
})

export const reassignCustomerContract = defineContract({
  id: 'reassignCustomer',
  group,
  method: 'POST',
  path: '/api/admin/customers/:customer_id/reassign',
  summary: 'Order that all instances of a customer be moved to a server, as many as it has room for',
  params: z.strictObject({ customer_id: idSchema('customer') }),
  body: z.strictObject({ server_id: idSchema('server') }),
  responses: {
    202: successSchema(
      z.object({
        moves: z.array(moveViewSchema).describe('What was ordered; `held_by` of each instance tells the progress.'),
        left: z.number().int().describe('Instances that stay where they are, because the server has no room.'),
      }),
    ),
  },
  errors: ['NOT_FOUND', 'NO_CAPACITY'],
})
