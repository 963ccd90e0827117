import { sql } from 'drizzle-orm'
import type { InstanceId, ServerId } from '#contracts/ids.ts'
import { recordFacts } from './record-event.ts'
import { stateFacts } from './state-facts.ts'
import { unsettled } from './wanted.ts'
import type { WorkerDatabase } from './worker-database.ts'

/**
 * Also takes the instance from a run that lost its server's lease: should that run still live, its later writes are
 * fenced out. States that stay until somebody acts are left as they are.
 */
export async function settleStopped(
  database: WorkerDatabase,
  serverId: ServerId,
  instanceId: InstanceId,
): Promise<void> {
  const reason = 'stopped-by-customer'
  await database.execute(sql`
    WITH unowned AS (
      UPDATE instance_leases l
      SET epoch = l.epoch + CASE WHEN l.owner_incarnation IS NULL THEN 0 ELSE 1 END, owner_incarnation = NULL
      FROM instances i
      JOIN customers c ON c.id = i.customer_id
      WHERE l.instance_id = ${instanceId} AND l.server_id = ${serverId} AND i.id = l.instance_id
        AND ${unsettled}
      RETURNING l.instance_id
    ),
    changed AS (
      UPDATE instances i
      SET state = 'stopped', reason = ${reason}, state_changed_at = clock_timestamp()
      FROM unowned u
      WHERE i.id = u.instance_id
      RETURNING i.id, i.phone_number
    ),
    ${stateFacts({ id: instanceId, state: 'stopped', reason })},
    ${recordFacts}
    SELECT 1`)
}
