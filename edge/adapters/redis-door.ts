/** After a request to Redis that failed or took too long, Redis is left alone for a while. */
export interface RedisDoor {
  /** Undefined when Redis is left alone now, or did not answer in time. Never rejects. */
  attempt<T>(request: () => Promise<T>): Promise<{ value: T } | undefined>
}

const leftAloneMs = 5_000

/** One per isolate, so that an outage of Redis does not slow each request. */
export function createRedisDoor(now: () => number = Date.now): RedisDoor {
  let closedUntil = 0
  return {
    async attempt(request) {
      if (now() < closedUntil) return undefined
      try {
        return { value: await request() }
      } catch {
        closedUntil = now() + leftAloneMs
        return undefined
      }
    },
  }
}
