import type { Inbound } from '#core/ports/inbound.ts'
import type { Log } from '#worker-node/log.ts'
import { startLoop, type Loop } from '#worker-node/loop.ts'
import { projectRows, type ProjectRows } from './project-rows.ts'

const rowsPerTurn = 200

/**
 * Projects what a worker journaled that then died, or that gave the instance back, before it got to it: any worker does,
 * whoever owns the instance next. Several may at once: each waits for the row before, so that the order is kept. Before its
 * first look it takes up what other versions could not decode.
 */
export function startOrphanSweep(deps: {
  inbound: Pick<Inbound, 'orphansAcrossCustomers' | 'retrySetAsideAcrossCustomers'>
  project: ProjectRows
  version: string
  intervalMs: number
  log: Log
  /** A message and its event became durable. */
  onProjected: () => void
}): Loop {
  const { inbound, project, version, log } = deps
  let retried = false
  const takeAll = projectRows({
    rowsPerTurn,
    project,
    onProjected(count) {
      log.info('Journal rows without an owner were projected.', { count })
      deps.onProjected()
    },
  })

  async function retrySetAside(): Promise<void> {
    let count: number
    do {
      count = await inbound.retrySetAsideAcrossCustomers(version, rowsPerTurn)
      if (count > 0) log.info('Journal rows that another version could not decode are tried again.', { count })
    } while (count === rowsPerTurn)
    retried = true
  }

  async function sweep(): Promise<void> {
    if (!retried) await retrySetAside()
    await takeAll((limit) => inbound.orphansAcrossCustomers(limit))
  }

  return startLoop({ name: 'orphan sweep', intervalMs: deps.intervalMs, run: sweep, log })
}
