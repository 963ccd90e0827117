import type { InstanceId } from '#contracts/ids.ts'
import type { Inbound } from '#core/ports/inbound.ts'
import type { Log } from '#worker-node/log.ts'
import { startLoop, type Loop } from '#worker-node/loop.ts'
import { projectRows, type ProjectRows } from './project-rows.ts'

const rowsPerTurn = 200

/**
 * Turns journal rows into messages and events. It runs after the receipt went to WhatsApp, so it may fail as often as it
 * likes: the row stays until it is projected, and a row that cannot be decoded or stored never holds up those behind it.
 * A database that is away ends the turn instead: what comes behind would overtake in its chat.
 */
export function startProjector(deps: {
  inbound: Pick<Inbound, 'unprojected'>
  project: ProjectRows
  /** Instances that this worker owns. */
  instances: () => InstanceId[]
  intervalMs: number
  log: Log
  /** A message and its event became durable. */
  onProjected: () => void
}): Loop {
  const { inbound, project, onProjected, log } = deps
  const takeAll = projectRows({ rowsPerTurn, project, onProjected })

  async function turn(): Promise<void> {
    await takeAll(async (limit) => {
      const instances = deps.instances()
      return instances.length === 0 ? [] : inbound.unprojected(instances, limit)
    })
  }

  return startLoop({ name: 'projector', intervalMs: deps.intervalMs, run: turn, log })
}
