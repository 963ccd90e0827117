import { and, eq, inArray, isNull, sql } from 'drizzle-orm'
import type { InstanceId, ServerId } from '#contracts/ids.ts'
import type { ServerOverview, Servers } from '#core/ports/servers.ts'
import type { EdgeDatabase } from '#db/clients/neon-http.ts'
import { guardStore } from '#db/errors/guard-store.ts'
import { candidatesQuery, toCandidate, type CandidateRow } from '#db/placement/candidates.ts'
import { placeStatements, type PlacedRow } from '#db/placement/place-instances.ts'
import { takesInstances } from '#db/placement/server-conditions.ts'
import { instanceLeases } from '#db/schema/instances.ts'
import { servers } from '#db/schema/servers.ts'

type OverviewRow = Omit<ServerOverview, 'maxCapacity'> & { max_capacity: number }

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

    async overview() {
      const { rows } = await db.execute<OverviewRow>(sql`
        SELECT s.id, s.name, s.url, s.region, s.status, s.health, s.max_capacity, s.stopping, now_held.by AS incarnation,
          count(i.id) FILTER (WHERE here)::int AS placed,
          count(i.id) FILTER (WHERE here AND wanted)::int AS wanted,
          count(i.id) FILTER (WHERE owned)::int AS owned,
          count(i.id) FILTER (WHERE owned AND NOT here)::int AS leaving,
          count(i.id) FILTER (WHERE here AND wanted AND NOT owned)::int AS arriving,
          count(i.id) FILTER (WHERE here AND i.state = 'connected')::int AS connected
        FROM servers s
        CROSS JOIN LATERAL (
          SELECT CASE WHEN s.lease_expires_at > clock_timestamp() THEN s.incarnation END AS by
        ) now_held
        LEFT JOIN instance_leases l ON l.server_id = s.id OR l.owner_incarnation = now_held.by
        LEFT JOIN instances i ON i.id = l.instance_id AND i.deleted_at IS NULL
        LEFT JOIN customers c ON c.id = i.customer_id
        CROSS JOIN LATERAL (
          SELECT l.server_id = s.id AS here, coalesce(l.owner_incarnation = now_held.by, false) AS owned,
            i.desired = 'running' AND c.status = 'active' AND c.deleted_at IS NULL AS wanted
        ) is_it
        WHERE s.deleted_at IS NULL
        GROUP BY s.id, now_held.by
        ORDER BY s.id`)
      return rows.map(({ max_capacity, ...row }) => ({ ...row, maxCapacity: max_capacity }))
    },

    async setStatus(id, from, to) {
      const changed = await db
        .update(servers)
        .set({ status: to })
        .where(and(eq(servers.id, id), isNull(servers.deletedAt), inArray(servers.status, [...from])))
        .returning({ id: servers.id })
      return changed.length === 1
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
        .where(eq(instanceLeases.instanceId, instanceId))
      return lease?.serverId
    },

    async place(moves) {
      if (moves.length === 0) return []
      const [lock, place] = placeStatements(moves)
      const [, placed] = await db.batch([db.execute(lock), db.execute<PlacedRow>(place)])
      return placed.rows.map((row) => row.instance_id)
    },
  })
}
