import { sql } from 'drizzle-orm'
import type { LeaseGrant, ServerLeases } from '#core/ports/servers.ts'
import { guardStore } from '#db/errors/guard-store.ts'
import type { WorkerDatabase } from './worker-database.ts'

type GrantRow = { database_time: string }

/** Every moment here is PostgreSQL's `clock_timestamp()`: no other clock decides about leases. */
export function createServerLeases(database: WorkerDatabase): ServerLeases {
  const grantOf = ({ rows: [row] }: { rows: GrantRow[] }): LeaseGrant | undefined =>
    row && { databaseTime: new Date(row.database_time) }

  return guardStore<ServerLeases>({
    async claim(serverId, incarnation, ttlMs) {
      // Its own lease again is a repeated request; its own lease that ran out is lost for good.
      return grantOf(
        await database.execute<GrantRow>(sql`
          UPDATE servers
          SET incarnation = ${incarnation}, lease_expires_at = clock_timestamp() + ${ttlMs} * interval '1 millisecond',
            stopping = false
          WHERE id = ${serverId} AND deleted_at IS NULL
            AND coalesce(lease_expires_at > clock_timestamp(), false) = (incarnation IS NOT DISTINCT FROM ${incarnation})
          RETURNING clock_timestamp() AS database_time`),
      )
    },

    async renew(serverId, incarnation, ttlMs, health = 'healthy') {
      return grantOf(
        await database.execute<GrantRow>(sql`
          UPDATE servers
          SET lease_expires_at = clock_timestamp() + ${ttlMs} * interval '1 millisecond', health = ${health}
          WHERE id = ${serverId} AND incarnation = ${incarnation} AND lease_expires_at > clock_timestamp()
            AND deleted_at IS NULL
          RETURNING clock_timestamp() AS database_time`),
      )
    },

    async release(serverId, incarnation) {
      // Its end stays known: a successor has a moment to claim before others take what is placed here.
      await database.execute(sql`
        UPDATE servers SET incarnation = NULL, lease_expires_at = least(lease_expires_at, clock_timestamp())
        WHERE id = ${serverId} AND incarnation = ${incarnation}`)
    },

    async register({ id, name, url, region, maxCapacity }) {
      await database.execute(sql`
        INSERT INTO servers (id, name, url, region, max_capacity, status)
        VALUES (${id}, ${name}, ${url}, ${region}, ${maxCapacity}, 'active')
        ON CONFLICT (id) DO UPDATE
        SET name = excluded.name, url = excluded.url, region = excluded.region, max_capacity = excluded.max_capacity`)
    },
  })
}
