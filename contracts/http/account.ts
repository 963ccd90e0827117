import { z } from 'zod'
import { successSchema } from '#contracts/envelope.ts'
import { exampleId } from '#contracts/examples.ts'
import { idSchema } from '#contracts/ids.ts'
import { planSchema } from '#contracts/plans.ts'
import { scopes, scopeSchema } from '#contracts/scopes.ts'
import { defineContract } from './contract.ts'

const limit = z.number().int().nullable()

export const usageSchema = z
  .object({
    messages_today: z.object({ used: z.number().int(), limit }),
    instances: z.object({ used: z.number().int(), limit }),
  })
  .describe('What is used and what the plan allows; null is unlimited. Days are UTC.')

export const accountViewSchema = z
  .object({
    customer: z.object({ id: idSchema('customer'), name: z.string(), plan: planSchema }),
    api_key: z.object({
      id: idSchema('apiKey'),
      name: z.string(),
      scopes: z.array(scopeSchema),
      default_instance_id: idSchema('instance').nullable(),
    }),
    usage: usageSchema,
  })
  .meta({
    id: 'Account',
    examples: [
      {
        customer: { id: exampleId('cus'), name: 'Shop', plan: 'pro' },
        api_key: {
          id: exampleId('key'),
          name: 'production',
          scopes: [...scopes],
          default_instance_id: exampleId('ins'),
        },
        usage: { messages_today: { used: 12, limit: 5000 }, instances: { used: 1, limit: 3 } },
      },
    ],
  })
export type AccountView = z.infer<typeof accountViewSchema>

export const getAccountContract = defineContract({
  id: 'getAccount',
  group: 'Account',
  method: 'GET',
  path: '/api/v1/me',
  summary: 'Who this key belongs to, what it may do and how much of the plan is used',
  responses: { 200: successSchema(accountViewSchema) },
  errors: [],
})
