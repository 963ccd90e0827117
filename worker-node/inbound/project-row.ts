import { LRUCache } from 'lru-cache'
import { ApiError } from '#contracts/errors.ts'
import type { Inbound, JournalRow, ProjectedMessage } from '#core/ports/inbound.ts'
import type { Log } from '#worker-node/log.ts'

/** Turns a journaled plaintext into a message; undefined when it is nothing to show. May throw on hostile bytes. */
export type DecodePlaintext = (row: JournalRow) => ProjectedMessage | undefined

/**
 * Projects one row. False when it could not be stored: it is tried again at the next turn, and those behind it go on. A row
 * that cannot be decoded is set aside: its bytes stay for a version that can. Throws when the database is away.
 */
export type ProjectRow = (row: JournalRow) => Promise<boolean>

/** How many contacts' numbers a worker remembers to have stored: it then need not ask the database to look again. */
const rememberedNumbers = 20_000

export function createRowProjector(deps: {
  inbound: Pick<Inbound, 'project' | 'setAside'>
  decode: DecodePlaintext
  /** Of this worker: what it cannot decode, another version looks at again. */
  version: string
  log: Log
}): ProjectRow {
  const { inbound, decode, version, log } = deps
  const stored = new LRUCache<string, string>({ max: rememberedNumbers })

  /** `message` is undefined for what shows nothing; undefined altogether when the bytes make no sense. */
  function decodeSafely(row: JournalRow): { message: ProjectedMessage | undefined } | undefined {
    try {
      return { message: decode(row) }
    } catch (error) {
      log.error('A journal row could not be decoded; it is set aside.', {
        instance: row.instanceId,
        seq: row.seq,
        error,
      })
      return undefined
    }
  }

  /** Says whether its numbers are stored already; looking for what may move costs more than the rest of the statement's plan. */
  async function projectMessage(row: JournalRow, message: ProjectedMessage): Promise<void> {
    const told = [...(message.numbers ?? [])].map(([lid, number]) => ({ number, name: `${row.instanceId}/${lid}` }))
    const numbersStored = told.every(({ name, number }) => stored.get(name) === number)
    await inbound.project(row, { ...message, numbersStored })
    for (const { name, number } of told) stored.set(name, number)
  }

  return async (row) => {
    const decoded = decodeSafely(row)
    try {
      if (decoded === undefined) await inbound.setAside(row, version)
      else if (decoded.message === undefined) await inbound.project(row, undefined)
      else await projectMessage(row, decoded.message)
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
}

/** Makes what reads rows and projects them, one after the other, until there are none that can be. */
export function projectRows({
  rowsPerTurn,
  project,
  onProjected,
}: {
  rowsPerTurn: number
  project: ProjectRow
  /** So many became durable. */
  onProjected: (count: number) => void
}): (read: (limit: number) => Promise<JournalRow[]>) => Promise<void> {
  /** Rows that could not be stored at the last look: the next one has to look past them. */
  let stuck = 0

  return async (read) => {
    let more = true
    while (more) {
      const limit = rowsPerTurn + stuck
      const rows = await read(limit)
      let projected = 0
      try {
        for (const row of rows) if (await project(row)) projected += 1
      } finally {
        if (projected > 0) onProjected(projected)
      }
      stuck = rows.length - projected
      // A full batch means that there may be more, unless nothing of it could be stored.
      more = rows.length === limit && projected > 0
    }
  }
}
