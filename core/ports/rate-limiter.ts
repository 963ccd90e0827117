import type { CustomerId } from '#contracts/ids.ts'
import type { Plan } from '#contracts/plans.ts'

export interface RateLimitVerdict {
  allowed: boolean
  /** The window that is closest to its end, or the one that refused. Undefined when the plan is unlimited. */
  window: { limit: number; remaining: number; resetsAt: Date } | undefined
}

/** Sliding windows per customer. One request to Redis at the most. */
export interface RateLimiter {
  /** Counts one request. `send` is for requests that cost a message: they get half the rate while Redis is away. */
  consume(customerId: CustomerId, plan: Plan, kind: 'read' | 'write' | 'send'): Promise<RateLimitVerdict>
}
