import { sql } from 'drizzle-orm'
import { FencedOut, type Fence, type StateReport } from '#core/ports/session-leases.ts'
import { fenceLock } from './fence-lock.ts'
import { recordFacts } from './record-event.ts'
import { stateFacts } from './state-facts.ts'
import type { WorkerDatabase } from './worker-database.ts'

/** State, event and deliveries in one statement; a report that changes nothing writes nothing. */
export async function reportState(database: WorkerDatabase, fence: Fence, report: StateReport): Promise<void> {
  const { instanceId } = fence
  const { state, reason, phoneNumber = null, lid = null } = report
  const { rows } = await database.execute<{ fence_holds: boolean }>(sql`
    WITH ${fenceLock(fence)},
    before AS MATERIALIZED (
      SELECT id, state <> ${state} OR reason IS DISTINCT FROM ${reason} AS moved,
        coalesce(${phoneNumber}, phone_number) AS phone_number, coalesce(${lid}, lid) AS lid
      FROM instances
      WHERE id = ${instanceId} AND EXISTS (SELECT FROM fence)
      FOR NO KEY UPDATE
    ),
    written AS (
      UPDATE instances i
      SET state = ${state}, reason = ${reason}, phone_number = b.phone_number, lid = b.lid,
        state_changed_at = CASE WHEN b.moved THEN clock_timestamp() ELSE i.state_changed_at END
      FROM before b
      WHERE i.id = b.id AND (b.moved OR (b.phone_number, b.lid) IS DISTINCT FROM (i.phone_number, i.lid))
      RETURNING i.id, i.phone_number, b.moved
    ),
    changed AS (SELECT id, phone_number FROM written WHERE moved),
    ${stateFacts({ id: instanceId, state, reason })},
    ${recordFacts}
    SELECT EXISTS (SELECT FROM fence) AS fence_holds`)
  if (rows[0]?.fence_holds !== true) throw new FencedOut(fence)
}
