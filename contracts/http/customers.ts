import { z } from 'zod'
import { successSchema, tableSchema } from '#contracts/envelope.ts'
import { exampleId } from '#contracts/examples.ts'
import { nameSchema, tableQuerySchema, textSchema, timestampSchema } from '#contracts/fields.ts'
import { idSchema } from '#contracts/ids.ts'
import { limitOverridesSchema, planSchema } from '#contracts/plans.ts'
import { usageSchema } from './account.ts'
import { apiKeyViewSchema, createdApiKeyViewSchema, newApiKeySchema } from './api-keys.ts'
import { defineContract } from './contract.ts'
import { instanceViewSchema } from './instances.ts'

const group = 'Customers'
const base = '/api/admin/customers'
const one = `${base}/:customer_id`
const params = z.strictObject({ customer_id: idSchema('customer') })

export const customerStatusSchema = z.enum(['active', 'suspended']).meta({
  id: 'CustomerStatus',
  description: 'Requests of suspended customers answer 403, and their sessions are stopped.',
})

const regionSchema = nameSchema()
  .nullable()
  .describe('New instances go to servers of this region while one has room; null: to any.')
  .meta({ examples: ['sa-east'] })
const assignServerSchema = z
  .union([z.literal('auto'), idSchema('server')])
  .describe('The server that new instances go to while it has room; `auto`: the best of the region, else of all.')

const customerFields = z.object({
  id: idSchema('customer'),
  name: z.string(),
  plan: planSchema,
  limit_overrides: limitOverridesSchema,
  status: customerStatusSchema,
  region: regionSchema,
  assign_server: assignServerSchema,
  usage: usageSchema,
  created_at: timestampSchema,
})
const exampleCustomer = {
  id: exampleId('cus'),
  name: 'Shop',
  plan: 'pro',
  limit_overrides: { messages_per_day: 8000 },
  status: 'active',
  region: 'sa-east',
  assign_server: 'auto',
  usage: { messages_today: { used: 12, limit: 8000 }, instances: { used: 1, limit: 3 } },
  created_at: '2026-01-31T12:00:00.000Z',
} as const
export const customerViewSchema = customerFields.meta({ id: 'Customer', examples: [exampleCustomer] })
export type CustomerView = z.infer<typeof customerViewSchema>

export const customerDetailSchema = customerFields
  .extend({
    instances: z.array(instanceViewSchema).describe('The newest 100.'),
    api_keys: z.array(apiKeyViewSchema).describe('Those that were not revoked.'),
  })
  .meta({ id: 'CustomerDetail' })
export type CustomerDetail = z.infer<typeof customerDetailSchema>

const customerSorts = ['-created_at', 'created_at', 'name', '-name'] as const

export const createCustomerContract = defineContract({
  id: 'createCustomer',
  group,
  method: 'POST',
  path: base,
  summary: 'A new customer with a first key of all scopes, which is shown in this answer only',
  body: z.strictObject({
    name: nameSchema().meta({ examples: ['Shop'] }),
    plan: planSchema,
    region: regionSchema.default(null),
    assign_server: assignServerSchema.default('auto'),
  }),
  responses: { 201: successSchema(customerFields.extend({ api_key: createdApiKeyViewSchema })) },
  errors: [],
})

export const listCustomersContract = defineContract({
  id: 'listCustomers',
  group,
  method: 'GET',
  path: base,
  summary: 'All customers, newest first unless sorted otherwise',
  query: tableQuerySchema.extend({
    status: customerStatusSchema.optional(),
    plan: planSchema.optional(),
    q: textSchema(100).optional().describe('How the name begins, in any case; or the whole id of a customer.'),
    sort: z.enum(customerSorts).default('-created_at').describe('`-` is descending.'),
  }),
  responses: { 200: tableSchema(customerViewSchema) },
  errors: [],
})

export const getCustomerContract = defineContract({
  id: 'getCustomer',
  group,
  method: 'GET',
  path: one,
  summary: 'A customer with usage, instances and keys',
  params,
  responses: { 200: successSchema(customerDetailSchema) },
  errors: ['NOT_FOUND'],
})

export const updateCustomerContract = defineContract({
  id: 'updateCustomer',
  group,
  method: 'PUT',
  path: one,
  summary:
    'Change name, plan, what differs from the plan, or where new instances go; the limits hold from the next request on',
  params,
  body: z
    .strictObject({
      name: nameSchema().optional(),
      plan: planSchema.optional(),
      limit_overrides: limitOverridesSchema
        .optional()
        .describe("Takes the place of all earlier ones: `{}` gives the customer its plan's limits."),
      region: regionSchema.optional(),
      assign_server: assignServerSchema.optional(),
    })
    .refine((body) => Object.values(body).some((value) => value !== undefined), 'must change something')
    .meta({ examples: [{ plan: 'business', limit_overrides: { instances: 15 } }] }),
  responses: { 200: successSchema(customerViewSchema) },
  errors: ['NOT_FOUND'],
})

export const deleteCustomerContract = defineContract({
  id: 'deleteCustomer',
  group,
  method: 'DELETE',
  path: one,
  summary: 'Keys open nothing any more, sessions stop and their credentials are erased; it cannot be undone',
  params,
  responses: { 204: null },
  errors: ['NOT_FOUND'],
})

export const suspendCustomerContract = defineContract({
  id: 'suspendCustomer',
  group,
  method: 'POST',
  path: `${one}/suspend`,
  summary: 'Every request of the customer answers 403 from now on, and its sessions stop',
  params,
  responses: { 200: successSchema(customerViewSchema) },
  errors: ['NOT_FOUND'],
})

export const activateCustomerContract = defineContract({
  id: 'activateCustomer',
  group,
  method: 'POST',
  path: `${one}/activate`,
  summary: 'Ends a suspension: keys open again, and sessions that should run start',
  params,
  responses: { 200: successSchema(customerViewSchema) },
  errors: ['NOT_FOUND'],
})

export const listCustomerInstancesContract = defineContract({
  id: 'listCustomerInstances',
  group,
  method: 'GET',
  path: `${one}/instances`,
  summary: 'The instances of a customer, newest first',
  params,
  query: tableQuerySchema,
  responses: { 200: tableSchema(instanceViewSchema) },
  errors: ['NOT_FOUND'],
})

export const listCustomerKeysContract = defineContract({
  id: 'listCustomerKeys',
  group,
  method: 'GET',
  path: `${one}/api-keys`,
  summary: 'The keys of a customer that were not revoked, newest first',
  params,
  responses: { 200: successSchema(z.array(apiKeyViewSchema)) },
  errors: ['NOT_FOUND'],
})

export const createCustomerKeyContract = defineContract({
  id: 'createCustomerKey',
  group,
  method: 'POST',
  path: `${one}/api-keys`,
  summary: 'Another key for a customer, shown in this answer only',
  params,
  body: newApiKeySchema,
  responses: { 201: successSchema(createdApiKeyViewSchema) },
  errors: ['NOT_FOUND', 'CONFLICT'],
})

export const revokeCustomerKeyContract = defineContract({
  id: 'revokeCustomerKey',
  group,
  method: 'DELETE',
  path: `${one}/api-keys/:api_key_id`,
  summary: 'Revoke a key of a customer: its next request is refused',
  params: params.extend({ api_key_id: idSchema('apiKey') }),
  responses: { 204: null },
  errors: ['NOT_FOUND'],
})

export const regenerateKeyContract = defineContract({
  id: 'regenerateKey',
  group,
  method: 'POST',
  path: `${one}/regenerate-key`,
  summary: 'Revokes all keys of a customer and makes one of all scopes, shown in this answer only',
  params,
  responses: { 201: successSchema(createdApiKeyViewSchema) },
  errors: ['NOT_FOUND'],
})
