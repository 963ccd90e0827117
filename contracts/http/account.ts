import { z } from 'zod'
import { successSchema } from '#contracts/envelope.ts'
import { idSchema } from '#contracts/ids.ts'
import { planNames } from '#contracts/plans.ts'
import { scopeSchema } from '#contracts/scopes.ts'
import { defineContract } from './contract.ts'

const limit = z.number().int().nullable()

export const accountViewSchema = z.object({
  customer: z.object({ id: idSchema('customer'), name: z.string(), plan: z.enum(planNames) }),
  api_key: z.object({
    id: idSchema('apiKey'),
    name: z.string(),
    scopes: z.array(scopeSchema),
    default_instance_id: idSchema('instance').nullable(),
  }),
  /** What is used and what the plan allows; null is unlimited. Days are UTC. */
  usage: z.object({
    messages_today: z.object({ used: z.number().int(), limit }),
    instances: z.object({ used: z.number().int(), limit }),
  }),
})
export type AccountView = z.infer<typeof accountViewSchema>

export const getAccountContract = defineContract({
  method: 'GET',
  path: '/api/v1/me',
  summary: 'Who this key belongs to, what it may do and how much of the plan is used',
  responses: { 200: successSchema(accountViewSchema) },
  errors: [],
})
