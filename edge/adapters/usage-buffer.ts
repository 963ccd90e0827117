import type { CustomerId } from '#contracts/ids.ts'
import type { RequestCounts, RequestDay } from '#core/ports/usage.ts'
import { dayUtc } from '#core/rules/day-span.ts'
import type { App } from '#core/verbs/app.ts'

/** What an isolate has counted of customers' requests and not written down yet. */
export interface UsageBuffer {
  /** Costs the request nothing: what was counted goes to the database with all else of the same seconds. */
  count(services: Pick<App, 'usage' | 'background' | 'clock'>, customerId: CustomerId, counts: RequestCounts): void
}

/** How long counts wait: no more than these are lost with an isolate. Workers let a request work on for longer than that. */
const usualFlushMs = 10_000

export function createUsageBuffer({ flushAfterMs = usualFlushMs, sleep = pause } = {}): UsageBuffer {
  let counted = new Map<string, RequestDay>()
  /** A flush that has not come until then died with the request that it belonged to. */
  let flushBefore = 0

  return {
    count({ usage, background, clock }, customerId, { requests, bytesIn, bytesOut }) {
      const now = clock.now()
      const day = dayUtc(now)
      const key = `${customerId} ${day}`
      const before = counted.get(key)
      counted.set(key, {
        customerId,
        day,
        requests: (before?.requests ?? 0) + requests,
        bytesIn: (before?.bytesIn ?? 0) + bytesIn,
        bytesOut: (before?.bytesOut ?? 0) + bytesOut,
      })
      if (now.getTime() < flushBefore) return
      flushBefore = now.getTime() + 2 * flushAfterMs
      background.run(async () => {
        await sleep(flushAfterMs)
        flushBefore = 0
        const taken = [...counted.values()]
        counted = new Map()
        // Not tried again when it fails: nobody knows then whether it was written, and too little is better than twice.
        await usage.addRequests(taken)
      })
    },
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
