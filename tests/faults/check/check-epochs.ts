import type { DatabaseRecord, Histories } from '#tests/faults/history/histories.ts'
import type { Findings } from './findings.ts'
import { groupBy } from './group-by.ts'

type EpochChange = Extract<DatabaseRecord, { kind: 'epoch' }>

/** Promise 3: once an instance has a new owner, nothing of the old one is written. */
export function checkEpochs({ database, writes }: Histories, { counts, violations }: Findings): void {
  const changes = groupBy(
    database.flatMap((record) => (record.kind === 'epoch' ? [record] : [])),
    ({ instanceId }) => instanceId,
  )
  counts.fencedWrites = writes.length
  for (const [, own] of changes) counts.epochs += own.length

  // Numbers of the journal are drawn under the fence's lock, so an old owner's can never follow a new owner's.
  const journal = groupBy(
    database.flatMap((record) => (record.kind === 'journal' ? [record] : [])),
    ({ instanceId }) => instanceId,
  )
  for (const [instanceId, rows] of journal) {
    let newest = 0
    for (const { seq, epoch } of rows.toSorted((one, other) => one.seq - other.seq)) {
      if (epoch < newest)
        violations.push({ kind: 'stale-epoch', what: `journal row ${seq} of ${instanceId}: ${epoch} after ${newest}` })
      newest = Math.max(newest, epoch)
    }
  }
  for (const { instanceId, epoch, operation, startedMs } of writes) {
    const successor = firstAfter(changes.get(instanceId) ?? [], epoch)
    if (successor !== undefined && successor.atMs < startedMs)
      violations.push({
        kind: 'stale-epoch',
        what: `${operation} of ${instanceId} under ${epoch}, ${Math.round(startedMs - successor.atMs)} ms after ${successor.epoch} began`,
      })
  }
}

function firstAfter(changes: readonly EpochChange[], epoch: number): EpochChange | undefined {
  return changes.filter((change) => change.epoch > epoch).toSorted((one, other) => one.epoch - other.epoch)[0]
}
