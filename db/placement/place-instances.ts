import { sql, type SQL } from 'drizzle-orm'
import type { InstanceId, ServerId } from '#contracts/ids.ts'
import type { Move } from '#core/ports/servers.ts'
import { placedCount, takesInstances } from './server-conditions.ts'

export type PlacedRow = { instance_id: InstanceId }

/**
 * Locks servers in order of id. The statement after it in the transaction counts what all earlier placements and
 * creations on them committed.
 */
export function lockServers(ids: readonly ServerId[]): SQL {
  return sql`SELECT FROM servers WHERE id = ANY (${sql.param(ids)}::text[]) ORDER BY id FOR NO KEY UPDATE`
}

/** Orders as a table `asked (instance_id, from_id, to_id)`. */
export function askedMoves(moves: readonly { instanceId: InstanceId; from: ServerId; to: ServerId | null }[]): SQL {
  return sql`unnest(
    ${sql.param(moves.map(({ instanceId }) => instanceId))}::text[],
    ${sql.param(moves.map(({ from }) => from))}::text[],
    ${sql.param(moves.map(({ to }) => to))}::text[]
  ) AS asked (instance_id, from_id, to_id)`
}

/** The CTE `room (id, places)`: how many more instances each server takes. */
export const room: SQL = sql`room AS (
  SELECT s.id, s.max_capacity - ${placedCount} AS places FROM servers s WHERE ${takesInstances}
)`

/**
 * The two statements of one transaction that places instances elsewhere. Owner and epoch stay as they are: the owner sees
 * the order at its next look and hands over. `onlyWhile` is a condition of all, and `alsoThen` a CTE that the CTE `changed`,
 * of the placed instances, decides.
 */
export function placeStatements(
  moves: readonly Move[],
  { onlyWhile = sql`true`, alsoThen }: { onlyWhile?: SQL; alsoThen?: SQL },
): [SQL, SQL] {
  return [
    lockServers(moves.map(({ to }) => to)),
    sql`
      WITH free AS MATERIALIZED (
        SELECT l.instance_id, asked.to_id
        FROM ${askedMoves(moves)}
        JOIN instance_leases l ON l.instance_id = asked.instance_id AND l.server_id = asked.from_id
        JOIN instances i ON i.id = l.instance_id AND i.deleted_at IS NULL
        WHERE asked.to_id <> asked.from_id AND ${onlyWhile}
        ORDER BY l.instance_id
        FOR NO KEY UPDATE OF l
      ),
      ranked AS (
        SELECT instance_id, to_id, row_number() OVER (PARTITION BY to_id ORDER BY instance_id) AS rank FROM free
      ),
      ${room},
      changed AS (
        UPDATE instance_leases l
        SET server_id = ranked.to_id
        FROM ranked
        JOIN room ON room.id = ranked.to_id AND ranked.rank <= room.places
        WHERE l.instance_id = ranked.instance_id
        RETURNING l.instance_id
      )${alsoThen === undefined ? sql`` : sql`, ${alsoThen}`}
      SELECT instance_id FROM changed`,
  ]
}
