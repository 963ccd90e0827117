import type { Outbox } from '#core/ports/outbox.ts'
import type { Log } from '#worker-node/log.ts'
import { startLoop, type Loop } from '#worker-node/loop.ts'

const batch = 500

/** Ends messages that are past their time, whoever's they are. */
export function startExpirySweep(deps: {
  outbox: Pick<Outbox, 'expireDueAcrossCustomers'>
  intervalMs: number
  log: Log
  /** Messages ended, and their events are durable. */
  onExpired: () => void
}): Loop {
  async function sweep(): Promise<void> {
    let ended: number
    do {
      ended = await deps.outbox.expireDueAcrossCustomers(batch)
      if (ended === 0) return
      deps.log.info('Messages expired.', { count: ended })
      deps.onExpired()
    } while (ended === batch)
  }
  return startLoop({ name: 'expiry', intervalMs: deps.intervalMs, run: sweep, log: deps.log })
}
