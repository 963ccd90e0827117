import type { Clock } from '#core/ports/clock.ts'

/**
 * The database's time, carried on by the monotonic clock: tokens, signatures and waits follow it, so a machine whose wall
 * clock is wrong still agrees with everybody else.
 */
export interface LeaseClock extends Clock {
  /** Throws before the first `sync`: a worker without a lease decides nothing. */
  now(): Date
  /** The database said this just now. */
  sync(databaseTime: Date): void
}

export function createLeaseClock(): LeaseClock {
  let offsetMs: number | undefined
  return {
    now() {
      if (offsetMs === undefined) throw new Error('The time is not known before the first lease was granted.')
      return new Date(offsetMs + performance.now())
    },
    sync(databaseTime) {
      offsetMs = databaseTime.getTime() - performance.now()
    },
  }
}
