import { and, eq, isNull, sql } from 'drizzle-orm'
import type { InstanceId, ServerId } from '#contracts/ids.ts'
import type { Servers, ServerStatus } from '#core/ports/servers.ts'
import type { EdgeDatabase } from '#db/clients/neon-http.ts'
import { guardStore } from '#db/errors/guard-store.ts'
import { candidatesQuery, toCandidate, type CandidateRow } from '#db/placement/candidates.ts'
import { placeStatements, type PlacedRow } from '#db/placement/place-instances.ts'
import { takesInstances } from '#db/placement/server-conditions.ts'
import { instanceLeases, instances } from '#db/schema/instances.ts'
import { servers } from '#db/schema/servers.ts'
import { auditOfChanged } from './audit-sql.ts'
import {
  heldCount,
  overviewById,
  overviewCount,
  overviewPage,
  toOverview,
  type OverviewRow,
} from './server-overview.ts'
import { tableRows } from './table-rows.ts'

export function createServers(db: EdgeDatabase): Servers {
  return guardStore<Servers>({
    async addresses() {
      const incarnation = sql<
        string | null
      >`CASE WHEN ${servers.leaseExpiresAt} > clock_timestamp() THEN ${servers.incarnation} END`
      return db.select({ id: servers.id, url: servers.url, incarnation }).from(servers).where(isNull(servers.deletedAt))
    },

    async placementCandidates() {
      const { rows } = await db.execute<CandidateRow>(candidatesQuery)
      return rows.map(toCandidate)
    },

    async list(filter, page) {
      const { rows } = await db.execute<OverviewRow>(overviewPage(filter, page))
      const found = await tableRows(rows, page, async () => {
        const counted = await db.execute<{ total: number }>(overviewCount(filter))
        return counted.rows[0]?.total ?? 0
      })
      return { ...found, rows: found.rows.map(toOverview) }
    },

    async get(id) {
      const { rows } = await db.execute<OverviewRow>(overviewById(id))
      return rows.map(({ total: _total, ...row }) => toOverview(row))[0]
    },

    async setStatus(id, { to, from, reason }, audit) {
      const drains = to === 'draining'
      const { rows } = await db.execute<{ status: ServerStatus }>(sql`
        WITH changed AS (
          UPDATE servers s SET status = ${to}, status_reason = ${reason},
            drain_started_at = ${drains ? sql`clock_timestamp()` : sql`NULL`},
            drain_instances = ${drains ? heldCount : sql`NULL`}
          WHERE s.id = ${id} AND s.deleted_at IS NULL AND s.status = ANY (${sql.param(from)}::text[])
          RETURNING s.id, s.status
        ), ${auditOfChanged(audit)}
        SELECT coalesce(changed.status, s.status) AS status
        FROM servers s LEFT JOIN changed ON changed.id = s.id
        WHERE s.id = ${id} AND s.deleted_at IS NULL`)
      return rows[0]?.status
    },

    async placedInstances() {
      const { rows } = await db.execute<{
        instance_id: InstanceId
        server_id: ServerId
        idle: boolean
        last_message: string
      }>(sql`
        SELECT l.instance_id, l.server_id, i.state <> 'connected' AS idle,
          coalesce((SELECT m.seq FROM messages m WHERE m.instance_id = i.id ORDER BY m.seq DESC LIMIT 1), 0) AS last_message
        FROM servers s
        JOIN instance_leases l ON l.server_id = s.id
        JOIN instances i ON i.id = l.instance_id
        WHERE i.deleted_at IS NULL AND ${takesInstances}
        ORDER BY l.instance_id`)
      return rows.map((row) => ({
        instanceId: row.instance_id,
        serverId: row.server_id,
        idle: row.idle,
        lastMessage: Number(row.last_message),
      }))
    },

    async placementOf(instanceId) {
      const [lease] = await db
        .select({ serverId: instanceLeases.serverId })
        .from(instanceLeases)
        .innerJoin(instances, eq(instances.id, instanceLeases.instanceId))
        .where(and(eq(instances.id, instanceId), isNull(instances.deletedAt)))
      return lease?.serverId
    },

    async place(moves, audit) {
      if (moves.length === 0) return []
      const [lock, place] = placeStatements(moves, { alsoThen: auditOfChanged(audit) })
      const [, placed] = await db.batch([db.execute(lock), db.execute<PlacedRow>(place)])
      return placed.rows.map((row) => row.instance_id)
    },
  })
}
