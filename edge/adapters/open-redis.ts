import { Redis } from '@upstash/redis/cloudflare'
import type { Meter } from '#edge/edge-env.ts'

/**
 * A client for one request. Its commands that are sent together go as one HTTP request, and never with those of another
 * request. No retries: whoever asks has an answer for a silent Redis.
 */
export function openRedis({ url, token }: { url: string; token: string }, meter: Meter, timeoutMs: number): Redis {
  return new Redis({
    url,
    token,
    retry: false,
    enableTelemetry: false,
    readYourWrites: false,
    // Called once per HTTP request. A constant signal would stay spent, and makes the client invent an answer.
    signal: () => {
      meter.redis++
      return AbortSignal.timeout(timeoutMs)
    },
  })
}
