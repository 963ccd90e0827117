import type { CustomerId } from '#contracts/ids.ts'
import type { Terms } from '#core/rules/limits-of.ts'

export interface RateLimitVerdict {
  allowed: boolean
  /** The window that is closest to its end, or the one that refused. Undefined when nothing limits the customer. */
  window: { limit: number; remaining: number; resetsAt: Date } | undefined
}

/** Sliding windows per customer. One request to Redis at the most. */
export interface RateLimiter {
  /** Counts one request. `send` is for requests that cost a message: they get half the rate while Redis is away. */
  consume(customerId: CustomerId, terms: Terms, kind: 'read' | 'write' | 'send'): Promise<RateLimitVerdict>
}

/** What a stranger asks: a page or document, a log-in, or anything with a key or token that opens nothing. */
export type StrangerKind = 'read' | 'log-in' | 'wrong-key'

/** Requests of which nobody knows who sends them, counted by where this one comes from. */
export interface AddressLimiter {
  /** Counts one. When it may not be answered: the moment from which the address may ask again. Never rejects. */
  consume(kind: StrangerKind): Promise<Date | undefined>
}
