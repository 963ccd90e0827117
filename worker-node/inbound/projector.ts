import { ApiError } from '#contracts/errors.ts'
import type { InstanceId } from '#contracts/ids.ts'
import type { Inbound, JournalRow, ProjectedMessage } from '#core/ports/inbound.ts'
import type { Log } from '#worker-node/log.ts'
import { startLoop, type Loop } from '#worker-node/loop.ts'

const rowsPerTurn = 200
/** Turns a journaled plaintext into a message; undefined when it is nothing to show. May throw on hostile bytes. */
export type DecodePlaintext = (row: JournalRow) => ProjectedMessage | undefined

/**
 * Turns journal rows into messages and events. It runs after the receipt went to WhatsApp, so it may fail as often as it
 * likes: the row stays until it is projected, and a row that cannot be decoded or stored never holds up those behind it.
 * A database that is away ends the turn instead: what comes behind would overtake in its chat.
 */
export function startProjector(deps: {
  inbound: Inbound
  decode: DecodePlaintext
  /** Instances that this worker owns. */
  instances: () => InstanceId[]
  intervalMs: number
  log: Log
  /** A message and its event became durable. */
  onProjected: () => void
}): Loop {
  const { inbound, log } = deps

  /** Rows that could not be stored at the last look: the next one has to look past them. */
  let stuck = 0

  async function turn(): Promise<void> {
    let more = true
    while (more) {
      const instances = deps.instances()
      if (instances.length === 0) return
      const limit = rowsPerTurn + stuck
      const rows = await inbound.unprojected(instances, limit)
      let projected = 0
      try {
        for (const row of rows) if (await projectOne(row)) projected += 1
      } finally {
        if (projected > 0) deps.onProjected()
      }
      stuck = rows.length - projected
      // A full batch means that there may be more, unless nothing of it could be stored.
      more = rows.length === limit && projected > 0
    }
  }

  /** False when it could not be stored: it is tried again at the next turn, and those behind it go on. Throws when the database is away. */
  async function projectOne(row: JournalRow): Promise<boolean> {
    try {
      await inbound.project(row, decodeSafely(row))
      return true
    } catch (error) {
      if (error instanceof ApiError && error.code === 'SERVICE_UNAVAILABLE') throw error
      log.error('A journal row could not be projected; it is tried again.', {
        instance: row.instanceId,
        seq: row.seq,
        error,
      })
      return false
    }
  }

  function decodeSafely(row: JournalRow): ProjectedMessage | undefined {
    try {
      return deps.decode(row)
    } catch (error) {
      log.error('A journal row could not be decoded; nothing is shown for it.', {
        instance: row.instanceId,
        seq: row.seq,
        error,
      })
      return undefined
    }
  }

  return startLoop({ name: 'projector', intervalMs: deps.intervalMs, run: turn, log })
}
