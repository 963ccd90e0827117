import { z } from 'zod'
import { successSchema, tableSchema } from '#contracts/envelope.ts'
import { exampleId } from '#contracts/examples.ts'
import { daySchema, tableQuerySchema, textSchema, timestampSchema } from '#contracts/fields.ts'
import { idSchema } from '#contracts/ids.ts'
import { planSchema } from '#contracts/plans.ts'
import { defineContract } from './contract.ts'

const count = z.number().int()

/** Longest spans that are answered at once. */
export const mostUsageDays = { ofCustomer: 366, ofAll: 92 } as const

const span = (mostDays: number) => ({
  from: daySchema
    .optional()
    .describe(`First day (UTC), 29 days before the last one unless told; at most ${mostDays} days.`),
  to: daySchema.optional().describe('Last day, today unless told.'),
})

const countFields = {
  requests: count.describe('Requests with a key or a pairing link, refused ones too.'),
  messages: count.describe('Accepted messages: what the daily limit counts.'),
  sent: count.describe('Messages that WhatsApp took, those of the customer’s own phone too.'),
  received: count,
  failed: count.describe('Without those that were cancelled or whose recipient has no WhatsApp.'),
  media: z.object({ sent: count, received: count }).describe('Those of sent and received that are a file.'),
  bytes: z.object({ in: count, out: count }).describe('Bodies of requests and of their answers.'),
}
const exampleCounts = {
  requests: 412,
  messages: 120,
  sent: 118,
  received: 240,
  failed: 1,
  media: { sent: 0, received: 12 },
  bytes: { in: 41_200, out: 188_000 },
}

const exampleDay = { day: '2026-01-31', limit: 5000, ...exampleCounts }
export const usageDaySchema = z
  .object({
    day: z.iso.date(),
    limit: count.nullable().describe('Of messages, as it was at the last one of the day; null is unlimited or none.'),
    ...countFields,
  })
  .meta({ id: 'UsageDay', examples: [exampleDay] })
export type UsageDayView = z.infer<typeof usageDaySchema>

export const usageViewSchema = z
  .object({
    from: z.iso.date(),
    to: z.iso.date(),
    today: z
      .object({
        messages: z.object({
          used: count,
          limit: count.nullable().describe('null is unlimited.'),
          remaining: count.nullable(),
        }),
        resets_at: timestampSchema,
      })
      .describe('How much of the daily limit is used now, to the message.'),
    days: z.array(usageDaySchema).describe('Newest first; days without any use are left out.'),
  })
  .meta({
    id: 'Usage',
    examples: [
      {
        from: '2026-01-02',
        to: '2026-01-31',
        today: { messages: { used: 120, limit: 5000, remaining: 4880 }, resets_at: '2026-02-01T00:00:00.000Z' },
        days: [exampleDay],
      },
    ],
  })
export type UsageView = z.infer<typeof usageViewSchema>

export const getUsageContract = defineContract({
  id: 'getUsage',
  group: 'Account',
  method: 'GET',
  path: '/api/v1/usage',
  summary: 'What was used per UTC day, and how much of the daily limit is left',
  query: z.strictObject(span(mostUsageDays.ofCustomer)),
  responses: { 200: successSchema(usageViewSchema) },
  errors: [],
})

export const getCustomerUsageContract = defineContract({
  id: 'getCustomerUsage',
  group: 'Customers',
  method: 'GET',
  path: '/api/admin/customers/:customer_id/usage',
  summary: 'What a customer used per UTC day, newest first; days without any use are left out',
  params: z.strictObject({ customer_id: idSchema('customer') }),
  query: z.strictObject({
    days: z.coerce
      .number('must be a number')
      .int('must be a whole number')
      .min(1, 'must be at least 1')
      .max(mostUsageDays.ofCustomer, `must be at most ${mostUsageDays.ofCustomer}`)
      .default(30)
      .describe('How many days back, today counts.'),
  }),
  responses: { 200: successSchema(z.array(usageDaySchema)) },
  errors: ['NOT_FOUND'],
})

const usageSorts = ['name', 'requests', 'messages', 'sent', 'received', 'failed', 'media', 'bytes'] as const
export type UsageSort = (typeof usageSorts)[number]

export const usageGroupSchema = z
  .object({
    id: z.string().describe('Of the customer or server, or the name of the plan.'),
    name: z.string(),
    plan: planSchema.nullable().describe('As it is now; null for a server.'),
    customers: count.describe('How many customers used something.'),
    ...countFields,
    requests: countFields.requests.nullable().describe('null for a server.'),
    messages: countFields.messages.nullable().describe('Accepted ones; null for a server.'),
    bytes: countFields.bytes.nullable().describe('Bodies of requests and of their answers; null for a server.'),
  })
  .meta({
    id: 'UsageGroup',
    examples: [{ id: exampleId('cus'), name: 'Shop', plan: 'pro', customers: 1, ...exampleCounts }],
  })
export type UsageGroupView = z.infer<typeof usageGroupSchema>

export const listUsageContract = defineContract({
  id: 'listUsage',
  group: 'Metrics',
  method: 'GET',
  path: '/api/admin/usage',
  summary: 'What was used, per plan, customer or server; what had no use is left out, what was deleted is not',
  query: tableQuerySchema.extend({
    by: z.enum(['plan', 'customer', 'server']).default('customer'),
    ...span(mostUsageDays.ofAll),
    q: textSchema(100).optional().describe('How the name begins, in any case; or a whole id.'),
    sort: z
      .enum(usageSorts.flatMap((sort) => [sort, `-${sort}`] as const))
      .default('-sent')
      .describe('`-` is descending.'),
  }),
  responses: { 200: tableSchema(usageGroupSchema) },
  errors: [],
})
