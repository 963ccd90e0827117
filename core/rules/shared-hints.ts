/** A hint's whole chain may take so long; whoever finds an older one no longer counts on it. */
const trustedMs = 5_000

/**
 * Hints to the same place, of all requests of an isolate: while one is on its way, others wait for nothing and are covered
 * by one more that follows it. Requests only share flags, never a promise: on Workers one must not wait for another's.
 */
export interface SharedHints {
  /** Resolves when nobody needs this hint any more. Rejects as `hint` does. */
  give(place: string, hint: () => Promise<unknown>): Promise<void>
}

interface UnderWay {
  /** Something more happened since the running hint left. */
  again: boolean
  until: number
}

/** `now`: monotonic enough that seconds can be told apart, in milliseconds. */
export function createSharedHints({ now = () => Date.now() } = {}): SharedHints {
  const underWay = new Map<string, UnderWay>()

  return {
    async give(place, hint) {
      const running = underWay.get(place)
      // One whose request was ended under it never comes back: after its time it counts for nothing.
      if (running !== undefined && now() < running.until) {
        running.again = true
        return
      }
      const own = { again: true, until: now() + trustedMs }
      underWay.set(place, own)
      try {
        while (own.again && now() < own.until) {
          own.again = false
          await hint()
        }
      } finally {
        if (underWay.get(place) === own) underWay.delete(place)
      }
    },
  }
}
