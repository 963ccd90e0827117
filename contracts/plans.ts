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

export type Plan = keyof typeof plans
export const planNames = Object.keys(plans) as [Plan, ...Plan[]]
export const planSchema = z.enum(planNames).meta({ id: 'Plan' })
