import { sql, type SQL } from 'drizzle-orm'
import type { NewEnrollment, ServerRegistry } from '#core/ports/server-registry.ts'
import type { ServerFigures } from '#core/ports/servers.ts'
import type { EdgeDatabase } from '#db/clients/neon-http.ts'
import { guardStore } from '#db/errors/guard-store.ts'
import { violatesConstraint } from '#db/errors/violates-constraint.ts'
import { lockServers } from '#db/placement/place-instances.ts'
import { servers } from '#db/schema/servers.ts'
import { auditOfChanged } from './audit-sql.ts'
import { enrollWorker } from './enroll-worker.ts'
import { heldCount } from './server-overview.ts'

type ExpiryRow = { expires_at: string }

export function createServerRegistry(db: EdgeDatabase): ServerRegistry {
  return guardStore<ServerRegistry>({
    async create(server, enrollment, audit) {
      const { id, name, url, region, ipAddress, provider, maxCapacity, cpuCores, ramGb, costPerMonth } = server
      const { rows } = await db.execute<ExpiryRow>(sql`
        WITH changed AS (
          INSERT INTO servers (id, status, name, url, region, ip_address, provider, max_capacity, cpu_cores, ram_gb,
            cost_per_month)
          VALUES (${id}, 'provisioning', ${name}, ${url}, ${region}, ${ipAddress}, ${provider}, ${maxCapacity},
            ${cpuCores}, ${ramGb}, ${costPerMonth})
          ON CONFLICT (lower(name) COLLATE "C") WHERE deleted_at IS NULL DO NOTHING
          RETURNING id
        ), ${auditOfChanged(audit)}
        ${insertToken(enrollment)}`)
      return expiryOf(rows)
    },

    async update(id, changes, audit) {
      try {
        const { rows } = await db.execute(sql`
          WITH changed AS (
            UPDATE servers SET ${assignments(changes)} WHERE id = ${id} AND deleted_at IS NULL RETURNING id
          ), ${auditOfChanged(audit)}
          SELECT id FROM changed`)
        return rows.length === 1 ? 'updated' : 'unknown'
      } catch (error) {
        if (violatesConstraint(error, 'servers_name_idx')) return 'name-taken'
        throw error
      }
    },

    async remove(id, audit) {
      const [, { rows }] = await db.batch([
        db.execute(lockServers([id])),
        db.execute<{ removed: boolean }>(sql`
          WITH changed AS (
            UPDATE servers s SET deleted_at = clock_timestamp()
            WHERE s.id = ${id} AND s.deleted_at IS NULL AND ${heldCount} = 0
            RETURNING s.id
          ), ${auditOfChanged(audit)}
          SELECT EXISTS (SELECT FROM changed) AS removed FROM servers WHERE id = ${id} AND deleted_at IS NULL`),
      ])
      const [server] = rows
      if (server === undefined) return 'unknown'
      return server.removed ? 'removed' : 'holds-instances'
    },

    async replaceEnrollment(id, enrollment, audit) {
      const { rows } = await db.execute<ExpiryRow>(sql`
        WITH changed AS (
          SELECT id FROM servers WHERE id = ${id} AND deleted_at IS NULL
        ), ${auditOfChanged(audit)}
        ${insertToken(enrollment)}`)
      return expiryOf(rows)
    },

    enroll: (tokenHash, worker, audit) => enrollWorker(db, tokenHash, worker, audit),
  })
}

/** Gives the server of the CTE `changed` its token, in place of an older one. */
function insertToken({ tokenHash, ttlMs }: NewEnrollment): SQL {
  return sql`
    INSERT INTO server_enrollments (server_id, token_hash, expires_at)
    SELECT id, ${tokenHash}, clock_timestamp() + ${ttlMs} * interval '1 millisecond' FROM changed
    ON CONFLICT (server_id) DO UPDATE
    SET token_hash = excluded.token_hash, expires_at = excluded.expires_at, used_at = NULL
    RETURNING expires_at`
}

function expiryOf([token]: ExpiryRow[]): Date | undefined {
  return token && new Date(token.expires_at)
}

function assignments(changes: Partial<ServerFigures>): SQL {
  const columns = Object.entries(changes) as [keyof ServerFigures, ServerFigures[keyof ServerFigures]][]
  return sql.join(
    columns.map(([column, value]) => sql`${sql.identifier(servers[column].name)} = ${value}`),
    sql`, `,
  )
}
