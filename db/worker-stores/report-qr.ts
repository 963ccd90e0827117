import { sql } from 'drizzle-orm'
import { newId } from '#contracts/ids.ts'
import { FencedOut, type Fence, type ShownQr } from '#core/ports/session-leases.ts'
import { presentQr } from '#core/rules/present-instance.ts'
import { fenceLock } from './fence-lock.ts'
import { recordFacts } from './record-event.ts'
import type { WorkerDatabase } from './worker-database.ts'

/** The event and its deliveries in one statement, in the lane of the instance's states. */
export async function reportQr(database: WorkerDatabase, fence: Fence, shown: ShownQr): Promise<void> {
  const { rows } = await database.execute<{ fence_holds: boolean }>(sql`
    WITH ${fenceLock(fence)},
    facts AS (
      SELECT instance_id, 1::bigint AS position, 1::bigint AS total, ${newId('event')}::text AS event_id,
        'instance.qr'::text AS type, ${JSON.stringify(presentQr(fence.instanceId, shown))}::jsonb AS data,
        instance_id AS lane
      FROM fence
    ),
    ${recordFacts}
    SELECT EXISTS (SELECT FROM fence) AS fence_holds`)
  if (rows[0]?.fence_holds !== true) throw new FencedOut(fence)
}
