import { z } from 'zod'

/**
 * The plans that can be bought. The migration seeds the same figures into the table `plans`, which is what quotas are
 * counted against (a test compares the two); these serve the edge's rate limits. `null` is unlimited.
 */
export const plans = {
  basic: { requestsPerMinute: 60, requestsPerHour: 1_000, requestsPerDay: 10_000, messagesPerDay: 1_000, instances: 1 },
  pro: { requestsPerMinute: 300, requestsPerHour: 5_000, requestsPerDay: 50_000, messagesPerDay: 5_000, instances: 3 },
  business: {
    requestsPerMinute: 600,
    requestsPerHour: 15_000,
    requestsPerDay: 150_000,
    messagesPerDay: 20_000,
    instances: 10,
  },
  enterprise: {
    requestsPerMinute: null,
    requestsPerHour: null,
    requestsPerDay: null,
    messagesPerDay: null,
    instances: null,
  },
} as const satisfies Record<string, PlanLimits>

export interface PlanLimits {
  requestsPerMinute: number | null
  requestsPerHour: number | null
  requestsPerDay: number | null
  /** Accepted outbound messages per UTC day. */
  messagesPerDay: number | null
  instances: number | null
}

/** From 0 on, as a row of `plans` and its columns in PostgreSQL hold it; null is unlimited. */
const limitSchema = z
  .number('must be a number, or null for no limit')
  .int('must be a whole number')
  .min(0, 'must be at least 0')
  .max(2_147_483_647, 'must be at most 2147483647')
  .nullable()
/** A window of no request at all would never end: customers are suspended instead. */
const requestLimitSchema = limitSchema.refine((limit) => limit !== 0, 'must be at least 1')

/** What a customer may do otherwise than its plan says. Absent is as in the plan, null is unlimited. */
export const limitOverridesSchema = z
  .strictObject({
    requests_per_minute: requestLimitSchema,
    requests_per_hour: requestLimitSchema,
    requests_per_day: requestLimitSchema,
    messages_per_day: limitSchema,
    instances: limitSchema,
  })
  .partial()
  .meta({
    id: 'LimitOverrides',
    description:
      "What this customer may do otherwise than its plan says; null is unlimited, and what is absent is the plan's.",
    examples: [{ messages_per_day: 8000 }],
  })
export type LimitOverrides = z.infer<typeof limitOverridesSchema>

export type Plan = keyof typeof plans
export const planNames = Object.keys(plans) as [Plan, ...Plan[]]
export const planSchema = z.enum(planNames).meta({ id: 'Plan' })
