import type { Redis } from '@upstash/redis/cloudflare'
import { LRUCache } from 'lru-cache'
import { ApiError } from '#contracts/errors.ts'
import type { KeyHash } from '#core/ports/key-hash.ts'
import type { AddressLimiter, StrangerKind } from '#core/ports/rate-limiter.ts'
import type { RedisDoor } from './redis-door.ts'
import { openWindow } from './sliding-window.ts'
import { createTokenBuckets, type TokenBuckets } from './token-bucket.ts'

const requestsPerMinute = 100
const violationsUntilBan = 5
/** How long a ban lasts, and for how long after it a violation still counts. */
const banSeconds = 10 * 60

/** Per minute, isolate and address while Redis is away. `null` passes. */
const withoutRedisPerMinute: Record<StrangerKind, number | null> = { read: null, 'log-in': 10, 'wrong-key': 50 }
/** Keys that are compared for a banned address per minute and isolate: 220 ms of CPU each. */
const comparisonsWhileBanned = 10

/** What an isolate remembers about addresses between requests. */
export interface AddressMemory {
  /** Until when (ms since 1970): a banned address is answered from here and costs Redis nothing. */
  bans: LRUCache<string, number>
  buckets: TokenBuckets
}

export function createAddressMemory(): AddressMemory {
  return { bans: new LRUCache({ max: 10_000 }), buckets: createTokenBuckets() }
}

/** Counts the requests of one network in one request to Redis each; one more for a request beyond the limit. */
export function createAddressLimiter(
  memory: AddressMemory,
  network: string,
  redis: Redis,
  door: RedisDoor,
  now: () => number = Date.now,
): AddressLimiter {
  const violationsName = `violations:${network}`

  async function count(): Promise<Date | undefined> {
    // Sent in the same turn, so that the client makes one HTTP request of them.
    const [violations, leftMs, counted] = await Promise.all([
      redis.get<number>(violationsName),
      redis.pttl(violationsName),
      openWindow(redis, { limit: requestsPerMinute, length: '1 m' }).limit(network),
    ])
    if (Number(violations) >= violationsUntilBan) return ban(leftMs)
    if (counted.success) return undefined
    const [violation] = await Promise.all([redis.incr(violationsName), redis.expire(violationsName, banSeconds)])
    return violation >= violationsUntilBan ? ban(banSeconds * 1_000) : new Date(counted.reset)
  }

  function ban(leftMs: number): Date {
    const until = now() + leftMs
    memory.bans.set(network, until)
    return new Date(until)
  }

  return {
    async consume(kind) {
      const bannedUntil = memory.bans.get(network) ?? 0
      if (bannedUntil > now()) return new Date(bannedUntil)
      const counted = await door.attempt(count)
      if (counted !== undefined) return counted.value
      const perMinute = withoutRedisPerMinute[kind]
      if (perMinute === null) return undefined
      const { allowed, nextAt } = memory.buckets.take(`${kind}:${network}`, perMinute, 60_000)
      return allowed ? undefined : nextAt
    },
  }
}

/**
 * The slow hash for a request of this network. A ban applies to no valid key, and whether a key is valid shows only when it
 * was compared: so that is done for a banned address too, a few times a minute. `matches` throws RATE_LIMIT_EXCEEDED beyond.
 */
export function spareBanned(
  memory: AddressMemory,
  network: string,
  keyHash: KeyHash,
  now: () => number = Date.now,
): KeyHash {
  return {
    hash: (keySha256) => keyHash.hash(keySha256),

    matches(keySha256, secretHash) {
      if ((memory.bans.get(network) ?? 0) > now()) {
        const { allowed, nextAt } = memory.buckets.take(`compare:${network}`, comparisonsWhileBanned, 60_000)
        if (!allowed) throw tooManyOfAddress(nextAt, now())
      }
      return keyHash.matches(keySha256, secretHash)
    },
  }
}

/** What an address hears that may come again at `nextAt`. */
export function tooManyOfAddress(nextAt: Date, nowMs: number): ApiError {
  return new ApiError('RATE_LIMIT_EXCEEDED', 'Too many requests without a valid key from this address.', {
    retryAfterSeconds: Math.max(1, Math.ceil((nextAt.getTime() - nowMs) / 1_000)),
  })
}
