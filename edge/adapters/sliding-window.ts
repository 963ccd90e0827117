import { Ratelimit } from '@upstash/ratelimit'
import type { Redis } from '@upstash/redis/cloudflare'

export interface Window {
  limit: number
  /** Name in Redis and length, as the library writes it. */
  length: '1 m' | '1 h' | '1 d'
}

export function openWindow(redis: Redis, { limit, length }: Window): Ratelimit {
  return new Ratelimit({
    redis,
    limiter: Ratelimit.slidingWindow(limit, length),
    prefix: `rate:${length.replace(' ', '')}`,
    // The library would let a request through after its own time-out; ours is the door's matter.
    timeout: 0,
    // It would block until the end of the window, though a sliding window has room earlier.
    ephemeralCache: false,
    enableTelemetry: false,
  })
}
