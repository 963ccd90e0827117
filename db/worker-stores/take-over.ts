import { sql, type SQL } from 'drizzle-orm'
import { newId, type InstanceId } from '#contracts/ids.ts'
import type { ServerRun, TakeOver } from '#core/ports/fleet.ts'
import { presentStateChange } from '#core/rules/present-instance.ts'
import { askedMoves, lockServers, room } from '#db/placement/place-instances.ts'
import { leaseIsOver } from '#db/placement/server-conditions.ts'
import { recordFacts } from './record-event.ts'
import { unsettled, validlyOwned, wanted } from './wanted.ts'
import type { WorkerDatabase } from './worker-database.ts'

/** The CTE `me`: one row while this run holds its server's lease. */
export function meAlive({ serverId, incarnation }: ServerRun): SQL {
  return sql`me AS (
    SELECT id, status FROM servers
    WHERE id = ${serverId} AND incarnation = ${incarnation} AND lease_expires_at > clock_timestamp()
  )`
}

/** An instance `i` of the customer `c` with its lease `l` on the server `s` that nobody looks after. */
export const orphaned: SQL = sql`(
  ${leaseIsOver} AND s.incarnation IS NULL AND NOT ${validlyOwned} AND (${wanted} OR ${unsettled})
)`

const sessionStates = sql`('starting', 'pairing', 'connecting', 'connected', 'disconnected')`

/**
 * One transaction: places orphans anew, raises the epoch of what the dead run owned, and tells it. SKIP LOCKED, because a
 * process that was stopped in the middle of a write may hold a row for as long as its connection lives.
 */
export async function takeOver(
  database: WorkerDatabase,
  run: ServerRun,
  orphans: readonly TakeOver[],
): Promise<InstanceId[]> {
  const lockedServers = [...new Set(orphans.flatMap(({ from, to }) => (to === null ? [from] : [from, to])))]
  return database.transaction(async (transaction) => {
    await transaction.execute(lockServers(lockedServers))
    const { rows } = await transaction.execute<{ instance_id: InstanceId }>(sql`
      WITH ${meAlive(run)},
      free AS MATERIALIZED (
        SELECT l.instance_id, asked.to_id, l.owner_incarnation IS NOT NULL AS owned, ${wanted} AS wanted
        FROM ${askedMoves(orphans)}
        JOIN instance_leases l ON l.instance_id = asked.instance_id AND l.server_id = asked.from_id
        JOIN servers s ON s.id = l.server_id
        JOIN instances i ON i.id = l.instance_id
        JOIN customers c ON c.id = i.customer_id
        WHERE EXISTS (SELECT FROM me) AND ${orphaned}
        ORDER BY l.instance_id
        FOR NO KEY UPDATE OF l SKIP LOCKED
      ),
      ranked AS (
        SELECT free.*, row_number() OVER (PARTITION BY to_id ORDER BY instance_id) AS rank FROM free
      ),
      ${room},
      judged AS (
        SELECT ranked.*, coalesce(ranked.rank <= room.places, false) AS moves
        FROM ranked LEFT JOIN room ON room.id = ranked.to_id
      ),
      leased AS (
        UPDATE instance_leases l
        SET server_id = CASE WHEN j.moves THEN j.to_id ELSE l.server_id END,
          epoch = l.epoch + CASE WHEN j.owned THEN 1 ELSE 0 END, owner_incarnation = NULL
        FROM judged j
        WHERE l.instance_id = j.instance_id AND (j.moves OR j.owned)
      ),
      changed AS (
        UPDATE instances i
        SET state = 'disconnected', reason = CASE WHEN j.moves THEN 'worker-lost' ELSE 'no-capacity' END,
          state_changed_at = clock_timestamp()
        FROM judged j
        WHERE i.id = j.instance_id AND j.wanted AND (j.moves OR j.to_id IS NULL) AND i.state IN ${sessionStates}
          AND (i.state <> 'disconnected'
            OR i.reason IS DISTINCT FROM CASE WHEN j.moves THEN 'worker-lost' ELSE 'no-capacity' END)
        RETURNING i.id, i.phone_number, i.reason
      ),
      ${lostFacts(orphans.length)},
      ${recordFacts}
      SELECT instance_id FROM judged WHERE moves ORDER BY instance_id`)
    return rows.map((row) => row.instance_id)
  })
}

/** The CTE `facts` about at most `limit` rows of the CTE `changed (id, phone_number, reason)`: one event each. */
function lostFacts(limit: number): SQL {
  const eventIds = Array.from({ length: limit }, () => newId('event')).toSorted()
  const dataFor = (reason: 'worker-lost' | 'no-capacity') =>
    JSON.stringify(presentStateChange({ id: newId('instance'), state: 'disconnected', reason, phoneNumber: null }))
  return sql`facts AS (
    SELECT id AS instance_id, 1::bigint AS position, 1::bigint AS total,
      (${sql.param(eventIds)}::text[])[row_number() OVER (ORDER BY id)] AS event_id,
      'instance.state_changed'::text AS type,
      CASE reason WHEN 'worker-lost' THEN ${dataFor('worker-lost')}::jsonb ELSE ${dataFor('no-capacity')}::jsonb END
        || jsonb_build_object('instance_id', id, 'phone_number', phone_number) AS data,
      id AS lane
    FROM changed
  )`
}
