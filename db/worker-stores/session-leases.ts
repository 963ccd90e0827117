import { sql } from 'drizzle-orm'
import type { CustomerId, InstanceId, ServerId } from '#contracts/ids.ts'
import type { DesiredStatus, InstanceState, StateReason } from '#contracts/instance-states.ts'
import type { SessionLeases } from '#core/ports/session-leases.ts'
import { guardStore } from '#db/errors/guard-store.ts'
import { reportQr } from './report-qr.ts'
import { reportState } from './report-state.ts'
import { settleStopped } from './settle-stopped.ts'
import { unsettled, validlyOwned, wanted } from './wanted.ts'
import type { WorkerDatabase } from './worker-database.ts'

type AssignmentRow = {
  id: InstanceId
  customer_id: CustomerId
  desired: DesiredStatus
  state: InstanceState
  reason: StateReason | null
  phone_number: string | null
  epoch: string
  mine: boolean
  placed_on: ServerId
}

export function createSessionLeases(database: WorkerDatabase): SessionLeases {
  return guardStore<SessionLeases>({
    async assignments(serverId, incarnation) {
      const { rows } = await database.execute<AssignmentRow>(sql`
        SELECT placed.*
        FROM instance_leases l
        CROSS JOIN LATERAL (
          -- OFFSET 0 keeps this one look-up per lease: a worker has hundreds, the registry may have tens of thousands.
          SELECT i.id, i.customer_id, CASE WHEN ${wanted} THEN 'running' ELSE 'stopped' END AS desired,
            i.state, i.reason, i.phone_number, l.epoch, l.server_id AS placed_on,
            l.owner_incarnation IS NOT DISTINCT FROM ${incarnation} AS mine
          FROM instances i
          JOIN customers c ON c.id = i.customer_id
          WHERE i.id = l.instance_id AND (l.owner_incarnation = ${incarnation} OR ${wanted} OR ${unsettled})
          OFFSET 0
        ) placed
        WHERE l.owner_incarnation = ${incarnation} OR l.server_id = ${serverId}
        ORDER BY placed.id`)
      return rows.map((row) => ({
        instanceId: row.id,
        customerId: row.customer_id,
        desired: row.desired,
        state: row.state,
        reason: row.reason,
        phoneNumber: row.phone_number,
        placedOn: row.placed_on,
        fence: row.mine ? { instanceId: row.id, epoch: Number(row.epoch), incarnation } : undefined,
      }))
    },

    async acquire(serverId, incarnation, instanceIds) {
      // Locked in order of id, so that two runs that reach for the same instances cannot deadlock. A row that a process
      // holds which was stopped in the middle of a write is left for the next look.
      const { rows } = await database.execute<{ instance_id: InstanceId; epoch: string }>(sql`
        WITH free AS MATERIALIZED (
          SELECT l.instance_id
          FROM instance_leases l
          JOIN instances i ON i.id = l.instance_id
          JOIN customers c ON c.id = i.customer_id
          JOIN servers s ON s.id = l.server_id
          WHERE l.instance_id = ANY (${sql.param(instanceIds)}::text[])
            AND l.server_id = ${serverId}
            AND s.incarnation = ${incarnation} AND s.lease_expires_at > clock_timestamp()
            AND ${wanted} AND NOT ${validlyOwned}
          ORDER BY l.instance_id
          FOR NO KEY UPDATE OF l SKIP LOCKED
        )
        UPDATE instance_leases l
        SET epoch = l.epoch + 1, owner_incarnation = ${incarnation}
        FROM free
        WHERE l.instance_id = free.instance_id
        RETURNING l.instance_id, l.epoch`)
      return rows.map((row) => ({ instanceId: row.instance_id, epoch: Number(row.epoch), incarnation }))
    },

    async release(fence) {
      await database.execute(sql`
        UPDATE instance_leases SET owner_incarnation = NULL
        WHERE instance_id = ${fence.instanceId} AND epoch = ${fence.epoch} AND owner_incarnation = ${fence.incarnation}`)
    },

    reportState: (fence, report) => reportState(database, fence, report),
    reportQr: (fence, shown) => reportQr(database, fence, shown),
    settleStopped: (serverId, instanceId) => settleStopped(database, serverId, instanceId),
  })
}
