import { and, asc, isNull, sql, type SQL } from 'drizzle-orm'
import { orphanedAfterMs, type Inbound, type UnprojectedRow } from '#core/ports/inbound.ts'
import { guardStore } from '#db/errors/guard-store.ts'
import { inboundJournal } from '#db/schema/sessions.ts'
import { projectAll } from './project-all.ts'
import { validlyOwned } from './wanted.ts'
import type { WorkerDatabase } from './worker-database.ts'

export function createInbound(database: WorkerDatabase): Inbound {
  return guardStore<Inbound>({
    async unprojected(instanceIds, limit) {
      if (instanceIds.length === 0) return []
      // An array and not a list: one text for any number of instances.
      return waitingRows(database, sql`${inboundJournal.instanceId} = ANY (${sql.param(instanceIds)}::text[])`, limit)
    },

    orphansAcrossCustomers: (limit) =>
      waitingRows(
        database,
        sql`${inboundJournal.receivedAt} <= clock_timestamp() - ${orphanedAfterMs} * interval '1 millisecond'
          AND NOT EXISTS (SELECT FROM instance_leases l WHERE l.instance_id = ${inboundJournal.instanceId} AND ${validlyOwned})`,
        limit,
      ),

    async project(row, message) {
      const [isNew] = await projectAll(database, [{ row, message }])
      return isNew === true
    },

    projectAll: (projections) => projectAll(database, projections),

    async setAside({ instanceId, seq }, version) {
      await database.execute(sql`
        UPDATE inbound_journal SET projected_at = clock_timestamp(), undecodable_by = ${version}
        WHERE instance_id = ${instanceId} AND seq = ${seq} AND projected_at IS NULL`)
    },

    async retrySetAsideAcrossCustomers(version, limit) {
      const { rowCount } = await database.execute(sql`
        UPDATE inbound_journal SET projected_at = NULL, undecodable_by = NULL
        WHERE (instance_id, ciphertext_hash) IN (
          SELECT instance_id, ciphertext_hash FROM inbound_journal
          WHERE undecodable_by IS NOT NULL AND undecodable_by <> ${version}
          ORDER BY seq LIMIT ${limit} FOR UPDATE SKIP LOCKED)`)
      return rowCount ?? 0
    },
  })
}

function waitingRows(database: WorkerDatabase, which: SQL | undefined, limit: number): Promise<UnprojectedRow[]> {
  const { instanceId, seq, waMessageId, stanza, plaintext, receivedAt, projectedAt } = inboundJournal
  return database
    .select({ instanceId, seq, waMessageId, stanza, plaintext, receivedAt })
    .from(inboundJournal)
    .where(and(isNull(projectedAt), which))
    .orderBy(asc(seq))
    .limit(limit)
}
