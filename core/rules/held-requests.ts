import type { CustomerId } from '#contracts/ids.ts'

/** Most requests of one customer that one process holds open at once while they wait for events. */
export const maxHeldRequests = 20

/** Counts the requests that are held open, because each of them asks the database every second. */
export interface HeldRequests {
  /** Takes a place and gives the function that leaves it (once; later calls do nothing); undefined when all are taken. */
  enter(customerId: CustomerId): (() => void) | undefined
}

export function createHeldRequests(most = maxHeldRequests): HeldRequests {
  const held = new Map<CustomerId, Set<symbol>>()
  return {
    enter(customerId) {
      const places = held.get(customerId) ?? new Set()
      if (places.size >= most) return undefined
      const place = Symbol(customerId)
      held.set(customerId, places.add(place))
      return () => {
        places.delete(place)
        if (places.size === 0 && held.get(customerId) === places) held.delete(customerId)
      }
    },
  }
}
