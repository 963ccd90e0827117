import type { Redis } from '@upstash/redis/cloudflare'
import { LRUCache } from 'lru-cache'
import type { CustomerId } from '#contracts/ids.ts'
import type { Background } from '#core/ports/background.ts'
import type { RateLimiter, RateLimitVerdict } from '#core/ports/rate-limiter.ts'
import { limitsOf } from '#core/rules/limits-of.ts'
import type { PlanLimits } from '#contracts/plans.ts'
import type { RedisDoor } from './redis-door.ts'
import { openWindow, type Window } from './sliding-window.ts'
import { createTokenBuckets, type TokenBuckets } from './token-bucket.ts'

/** What an isolate remembers about limits between requests. */
export interface RateLimitMemory {
  /** Refusals of the last second: a flood is answered from here and costs Redis nothing. */
  refusals: LRUCache<CustomerId, RateLimitVerdict>
  buckets: TokenBuckets
}

export function createRateLimitMemory(): RateLimitMemory {
  return {
    // The library reads the clock once per resolution and starts a timer for the next look. Workers drop a timer with the
    // request that started it, after which the time would stand still and a refusal would never end: so no timer.
    refusals: new LRUCache({ max: 10_000, ttl: 1_000, ttlResolution: 0 }),
    buckets: createTokenBuckets(),
  }
}

/** Sliding windows of a minute, an hour and a day per customer, counted in one request to Redis. */
export function createRateLimiter(
  memory: RateLimitMemory,
  redis: Redis,
  door: RedisDoor,
  background: Background,
): RateLimiter {
  async function count(customerId: CustomerId, windows: Window[]): Promise<RateLimitVerdict> {
    const limiters = windows.map((window) => openWindow(redis, window))
    // Sent in the same turn, so that the client makes one HTTP request of them.
    const answers = await Promise.all(limiters.map((limiter) => limiter.limit(customerId)))
    const refused = answers.filter((answer) => !answer.success)
    if (refused.length > 0) {
      const passed = limiters.filter((_limiter, index) => answers[index]?.success)
      // A request that one window refused must not use up the others.
      background.run(() => door.attempt(() => Promise.all(passed.map((limiter) => limiter.limit(customerId, refund)))))
    }
    const told =
      refused.toSorted((a, b) => b.reset - a.reset)[0] ?? answers.toSorted((a, b) => a.remaining - b.remaining)[0]
    return {
      allowed: refused.length === 0,
      window: told && { limit: told.limit, remaining: told.remaining, resetsAt: new Date(told.reset) },
    }
  }

  return {
    async consume(customerId, terms, kind) {
      const limits = limitsOf(terms)
      const windows = windowsOf(limits)
      if (windows.length === 0) return { allowed: true, window: undefined }
      const refusal = memory.refusals.get(customerId)
      if (refusal !== undefined) return refusal
      const counted = await door.attempt(() => count(customerId, windows))
      if (counted === undefined) return withoutRedis(memory.buckets, customerId, limits, kind)
      if (!counted.value.allowed) memory.refusals.set(customerId, counted.value)
      return counted.value
    },
  }
}

const refund = { rate: -1 }

function windowsOf({ requestsPerMinute, requestsPerHour, requestsPerDay }: PlanLimits): Window[] {
  const windows = [
    { limit: requestsPerMinute, length: '1 m' },
    { limit: requestsPerHour, length: '1 h' },
    { limit: requestsPerDay, length: '1 d' },
  ] as const
  return windows.flatMap(({ limit, length }) => (limit === null ? [] : [{ limit, length }]))
}

/** Reads pass; what changes something gets half the minute's rate from this isolate's own count. */
function withoutRedis(
  buckets: TokenBuckets,
  customerId: CustomerId,
  { requestsPerMinute }: PlanLimits,
  kind: 'read' | 'write' | 'send',
): RateLimitVerdict {
  if (kind === 'read' || requestsPerMinute === null) return { allowed: true, window: undefined }
  const limit = Math.floor(requestsPerMinute / 2)
  const { allowed, remaining, nextAt } = buckets.take(customerId, limit, 60_000)
  return { allowed, window: { limit, remaining, resetsAt: nextAt } }
}
