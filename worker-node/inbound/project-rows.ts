import { ApiError } from '#contracts/errors.ts'
import type { Inbound, JournalRow, ProjectedMessage, Projection } from '#core/ports/inbound.ts'
import { createGrowingCache } from '#worker-node/growing-cache.ts'
import type { Log } from '#worker-node/log.ts'

/** Turns a journaled plaintext into a message; undefined when it is nothing to show. May throw on hostile bytes. */
export type DecodePlaintext = (row: JournalRow) => ProjectedMessage | undefined

/**
 * Projects rows in their order and tells how many could be stored; the others are tried again at the next turn, and those
 * behind them go on. A row that cannot be decoded is set aside: its bytes stay for a version that can. Throws when the
 * database is away, with nothing stored of what came behind. `onProjected` hears of each so many that became durable.
 */
export type ProjectRows = (rows: readonly JournalRow[], onProjected: (count: number) => void) => Promise<number>

/** How many contacts' numbers a worker remembers to have stored: it then need not ask the database to look again. */
const rememberedNumbers = 20_000

export function createRowProjector(deps: {
  inbound: Pick<Inbound, 'projectAll' | 'setAside'>
  decode: DecodePlaintext
  /** Of this worker: what it cannot decode, another version looks at again. */
  version: string
  log: Log
}): ProjectRows {
  const { inbound, decode, version, log } = deps
  const stored = createGrowingCache<string>(rememberedNumbers)

  /** `message` is undefined for what shows nothing; undefined altogether when the bytes make no sense. */
  function decodeSafely(row: JournalRow): Projection | undefined {
    try {
      return { row, message: decode(row) }
    } catch (error) {
      log.error('A journal row could not be decoded; it is set aside.', {
        instance: row.instanceId,
        seq: row.seq,
        error,
      })
      return undefined
    }
  }

  /**
   * Says of each whether its numbers are stored already, by one before it if not by an earlier call; looking for what may
   * move costs more than the rest of the statement's plan.
   */
  function knowingNumbers(projections: readonly Projection[]): Projection[] {
    const learned = new Map<string, string>()
    return projections.map(({ row, message }) => {
      if (message === undefined) return { row, message }
      const told = numbersOf({ row, message })
      const numbersStored = told.every(({ name, number }) => (learned.get(name) ?? stored.get(name)) === number)
      for (const { name, number } of told) learned.set(name, number)
      return { row, message: { ...message, numbersStored } }
    })
  }

  /** Those that cannot be stored together are tried in halves: one bad row costs a few statements and is alone in the end. */
  async function projectSome(
    projections: readonly Projection[],
    onProjected: (count: number) => void,
  ): Promise<number> {
    if (projections.length === 0) return 0
    try {
      await inbound.projectAll(projections)
    } catch (error) {
      if (isAway(error)) throw error
      if (projections.length > 1) {
        const middle = projections.length >> 1
        const before = await projectSome(projections.slice(0, middle), onProjected)
        return before + (await projectSome(projections.slice(middle), onProjected))
      }
      logFailure(projections[0]?.row, error)
      return 0
    }
    // Only of those that were stored to learn them: one that relied on a row before it may have got by that row's failure.
    const taught = projections.filter(({ message }) => message?.numbersStored === false).flatMap(numbersOf)
    for (const { name, number } of taught) stored.set(name, number)
    onProjected(projections.length)
    return projections.length
  }

  async function setAside(row: JournalRow): Promise<number> {
    try {
      await inbound.setAside(row, version)
      return 1
    } catch (error) {
      if (isAway(error)) throw error
      logFailure(row, error)
      return 0
    }
  }

  function logFailure(row: Projection['row'] | undefined, error: unknown): void {
    log.error('A journal row could not be projected; it is tried again.', {
      instance: row?.instanceId,
      seq: row?.seq,
      error,
    })
  }

  return async (rows, onProjected) => {
    const decoded = rows.map((row) => ({ row, projection: decodeSafely(row) }))
    const projections = decoded.flatMap(({ projection }) => (projection === undefined ? [] : [projection]))
    let count = await projectSome(knowingNumbers(projections), onProjected)
    for (const { row, projection } of decoded) if (projection === undefined) count += await setAside(row)
    return count
  }
}

function isAway(error: unknown): boolean {
  return error instanceof ApiError && error.code === 'SERVICE_UNAVAILABLE'
}

function numbersOf({ row, message }: Projection): { name: string; number: string }[] {
  return [...(message?.numbers ?? [])].map(([lid, number]) => ({ number, name: `${row.instanceId}/${lid}` }))
}

/** Makes what reads rows and projects them, batch after batch, until there are none that can be. */
export function projectRows({
  rowsPerTurn,
  project,
  onProjected,
}: {
  rowsPerTurn: number
  project: ProjectRows
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
      const projected = await project(rows, onProjected)
      stuck = rows.length - projected
      // A full batch means that there may be more, unless nothing of it could be stored.
      more = rows.length === limit && projected > 0
    }
  }
}
