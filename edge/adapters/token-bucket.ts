import { LRUCache } from 'lru-cache'

/** Counts in this isolate alone, for the time in which Redis cannot. */
export interface TokenBuckets {
  /** Takes a token of a bucket that holds `capacity` and fills up once in `refillMs`. */
  take(name: string, capacity: number, refillMs: number): Taken
}

export interface Taken {
  allowed: boolean
  remaining: number
  /** When there is a token again, or now. */
  nextAt: Date
}

export function createTokenBuckets(now: () => number = Date.now): TokenBuckets {
  const buckets = new LRUCache<string, { tokens: number; at: number }>({ max: 10_000 })
  return {
    take(name, capacity, refillMs) {
      const at = now()
      const before = buckets.get(name) ?? { tokens: capacity, at }
      const filled = Math.min(capacity, before.tokens + ((at - before.at) * capacity) / refillMs)
      const allowed = filled >= 1
      const tokens = allowed ? filled - 1 : filled
      buckets.set(name, { tokens, at })
      const untilNextMs = tokens >= 1 ? 0 : ((1 - tokens) * refillMs) / capacity
      return { allowed, remaining: Math.floor(tokens), nextAt: new Date(at + untilNextMs) }
    },
  }
}
