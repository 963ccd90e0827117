import type { CustomerId } from '#contracts/ids.ts'

/** Most requests of one customer that one process holds open at once while they wait for events. */
export const maxHeldRequests = 20

/**
 * A place that nobody left after so long counts as free: longer than any request is held, and needed for those whose end
 * nobody hears of, such as a HEAD, whose stream is never read and so never ended.
 */
export const heldPlaceExpiresAfterMs = 6 * 60_000

/** Counts the requests that are held open, because each of them asks the database every second. */
export interface HeldRequests {
  /** Takes a place and gives the function that leaves it (once; later calls do nothing); undefined when all are taken. */
  enter(customerId: CustomerId): (() => void) | undefined
}

/** `now` in milliseconds of any clock that only moves forward by itself. */
export function createHeldRequests({ most = maxHeldRequests, now = () => Date.now() } = {}): HeldRequests {
  /** Customer > place > when it was taken. */
  const held = new Map<CustomerId, Map<symbol, number>>()

  function dropExpired(places: Map<symbol, number>): void {
    for (const [place, takenAt] of places) if (now() - takenAt >= heldPlaceExpiresAfterMs) places.delete(place)
  }

  return {
    enter(customerId) {
      const places = held.get(customerId) ?? new Map<symbol, number>()
      dropExpired(places)
      if (places.size >= most) return undefined
      const place = Symbol(customerId)
      held.set(customerId, places.set(place, now()))
      return () => {
        places.delete(place)
        if (places.size === 0 && held.get(customerId) === places) held.delete(customerId)
      }
    },
  }
}
