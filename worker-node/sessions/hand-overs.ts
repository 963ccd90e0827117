import type { ServerId } from '#contracts/ids.ts'
import type { Fleet } from '#core/ports/fleet.ts'
import type { Log } from '#worker-node/log.ts'
import type { Session } from './session.ts'

/**
 * Most instances on their way to one server at a time. It is what the slowest start gate lets in within a second, so that
 * an instance that was let go is connected again within about one.
 */
export const slotsPerTaker = 10

/** A session whose instance is placed on another server. */
export interface LeavingSession {
  session: Session
  to: ServerId
}

/** Lets sessions go to the servers that their instances are placed on, each when its taker has a free slot. */
export interface HandOvers {
  /** One look at all that leave: lets go as many as there are slots for. */
  turn(leaving: readonly LeavingSession[]): Promise<void>
  /** How many are being let go, or wait for a slot that will come. */
  pending(): number
}

export function createHandOvers({ fleet, log }: { fleet: Pick<Fleet, 'arrivals'>; log: Log }): HandOvers {
  const going = new Map<Session, ServerId>()
  let waiting = 0

  function letGo({ session, to }: LeavingSession): void {
    going.set(session, to)
    session
      .handOver()
      .catch((error: unknown) => log.warn('A session did not stop cleanly.', { instance: session.instanceId, error }))
      .finally(() => going.delete(session))
  }

  return {
    async turn(leaving) {
      const staying = leaving.filter(({ session }) => !going.has(session) && !session.ended)
      waiting = 0
      if (staying.length === 0) return
      const arrivals = await fleet.arrivals([...new Set(staying.map(({ to }) => to))])
      for (const candidate of staying) {
        // A session at rest connects to nothing, so it takes no slot.
        if (candidate.session.resting) {
          letGo(candidate)
          continue
        }
        const arriving = arrivals.get(candidate.to)
        if (arriving === undefined) continue
        const onTheirWay = arriving + [...going.values()].filter((to) => to === candidate.to).length
        if (onTheirWay < slotsPerTaker) letGo(candidate)
        else waiting += 1
      }
    },
    pending: () => going.size + waiting,
  }
}
