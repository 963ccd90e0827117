import { plans, type LimitOverrides, type Plan, type PlanLimits } from '#contracts/plans.ts'

/** What a customer's limits are made of. */
export interface Terms {
  plan: Plan
  limitOverrides: LimitOverrides
}

/** The limits that hold for a customer: its plan's, with what was agreed otherwise. */
export function limitsOf({ plan, limitOverrides }: Terms): PlanLimits {
  return overrideLimits(plans[plan], limitOverrides)
}

export function overrideLimits(limits: PlanLimits, overrides: LimitOverrides): PlanLimits {
  const either = <T>(override: T | undefined, limit: T) => (override === undefined ? limit : override)
  return {
    requestsPerMinute: either(overrides.requests_per_minute, limits.requestsPerMinute),
    requestsPerHour: either(overrides.requests_per_hour, limits.requestsPerHour),
    requestsPerDay: either(overrides.requests_per_day, limits.requestsPerDay),
    messagesPerDay: either(overrides.messages_per_day, limits.messagesPerDay),
    instances: either(overrides.instances, limits.instances),
  }
}

/** Whether both let a customer do the same, however that was written. */
export function haveSameLimits(a: Terms, b: Terms): boolean {
  const [left, right] = [limitsOf(a), limitsOf(b)]
  return (Object.keys(left) as (keyof PlanLimits)[]).every((name) => left[name] === right[name])
}
