import { sql } from 'drizzle-orm'
import type { InstanceId, ServerId } from '#contracts/ids.ts'
import type { Fleet, Unplaced } from '#core/ports/fleet.ts'
import type { ServerStatus } from '#core/ports/servers.ts'
import { guardStore } from '#db/errors/guard-store.ts'
import { candidatesQuery, toCandidate, type CandidateRow } from '#db/placement/candidates.ts'
import { placeStatements, type PlacedRow } from '#db/placement/place-instances.ts'
import { leaseIsExpiring, leaseIsOver, takesInstances } from '#db/placement/server-conditions.ts'
import { meAlive, orphaned, takeOver } from './take-over.ts'
import { unsettled, wanted } from './wanted.ts'
import type { WorkerDatabase } from './worker-database.ts'

type UnplacedRow = { instance_id: InstanceId; server_id: ServerId; region: string }

/** States on the way to a connection. An instance that has been there for long waits for something else. */
const onItsWay = sql`(
  (i.state IN ('starting', 'connecting') OR (i.state = 'disconnected' AND i.reason IN ('moved', 'worker-lost')))
  AND i.state_changed_at > clock_timestamp() - interval '10 seconds'
)`

export function createFleet(database: WorkerDatabase): Fleet {
  return guardStore<Fleet>({
    async look(run) {
      const { rows } = await database.execute<{ status: ServerStatus; lost: boolean; expiring: boolean }>(sql`
        WITH ${meAlive(run)},
        failing AS MATERIALIZED (
          SELECT ${leaseIsOver} AS over, coalesce(${leaseIsExpiring}, false) AS expiring
          FROM servers s
          WHERE (${leaseIsOver} OR ${leaseIsExpiring}) AND EXISTS (
            SELECT FROM instance_leases l
            JOIN instances i ON i.id = l.instance_id
            JOIN customers c ON c.id = i.customer_id
            WHERE l.server_id = s.id AND (${wanted} OR ${unsettled})
          )
        )
        SELECT me.status, EXISTS (SELECT FROM failing WHERE over) AS lost,
          EXISTS (SELECT FROM failing WHERE expiring) AS expiring
        FROM me`)
      return rows[0]
    },

    async endDeadLeases(run) {
      const { rows } = await database.execute<{ id: ServerId }>(sql`
        WITH ${meAlive(run)}
        UPDATE servers s SET incarnation = NULL
        WHERE s.incarnation IS NOT NULL AND ${leaseIsOver} AND EXISTS (SELECT FROM me)
        RETURNING s.id`)
      return rows.map(({ id }) => id)
    },

    async orphans(limit) {
      const { rows } = await database.execute<UnplacedRow>(sql`
        SELECT l.instance_id, l.server_id, s.region
        FROM servers s
        JOIN instance_leases l ON l.server_id = s.id
        JOIN instances i ON i.id = l.instance_id
        JOIN customers c ON c.id = i.customer_id
        WHERE ${orphaned}
        ORDER BY l.instance_id
        LIMIT ${limit}`)
      return rows.map(toUnplaced)
    },

    async candidates() {
      const { rows } = await database.execute<CandidateRow>(candidatesQuery)
      return rows.map(toCandidate).filter(({ live }) => live)
    },

    takeOver: async (run, orphans) => (orphans.length === 0 ? [] : takeOver(database, run, orphans)),

    async toPlace({ serverId, incarnation }, scope) {
      const { rows } = await database.execute<UnplacedRow>(sql`
        SELECT l.instance_id, l.server_id, mine.region
        FROM instance_leases l
        JOIN instances i ON i.id = l.instance_id
        JOIN customers c ON c.id = i.customer_id
        JOIN servers s ON s.id = l.server_id
        JOIN servers mine ON mine.id = ${serverId}
        WHERE i.deleted_at IS NULL AND (
          (l.server_id = ${serverId} AND (${scope} = 'all' OR (${scope} = 'wanted' AND ${wanted})))
          OR (l.owner_incarnation = ${incarnation} AND l.server_id <> ${serverId} AND NOT ${takesInstances})
        )
        ORDER BY l.instance_id`)
      return rows.map(toUnplaced)
    },

    async place(run, moves) {
      if (moves.length === 0) return []
      const [lock, place] = placeStatements(moves, { onlyWhile: sql`EXISTS (WITH ${meAlive(run)} SELECT FROM me)` })
      return database.transaction(async (transaction) => {
        await transaction.execute(lock)
        const { rows } = await transaction.execute<PlacedRow>(place)
        return rows.map((row) => row.instance_id)
      })
    },

    async arrivals(serverIds) {
      const { rows } = await database.execute<{ id: ServerId; arriving: number }>(sql`
        SELECT s.id, (
          SELECT count(*)::int FROM instance_leases l JOIN instances i ON i.id = l.instance_id
          WHERE l.server_id = s.id AND i.deleted_at IS NULL AND ${onItsWay}
        ) AS arriving
        FROM servers s
        WHERE s.id = ANY (${sql.param(serverIds)}::text[]) AND ${takesInstances}`)
      return new Map(rows.map(({ id, arriving }) => [id, arriving]))
    },

    async markStopping({ serverId, incarnation }) {
      await database.execute(sql`
        UPDATE servers SET stopping = true WHERE id = ${serverId} AND incarnation = ${incarnation}`)
    },
  })
}

function toUnplaced({ instance_id, server_id, region }: UnplacedRow): Unplaced {
  return { instanceId: instance_id, from: server_id, region }
}
