import { sql, type SQL } from 'drizzle-orm'
import type { ServerCheck, ServerChecks } from '#core/ports/server-checks.ts'
import { freshMs } from '#core/rules/server-verdict.ts'
import type { ServerAddress } from '#core/ports/servers.ts'
import type { EdgeDatabase } from '#db/clients/neon-http.ts'
import { guardStore } from '#db/errors/guard-store.ts'

type AddressRow = Pick<ServerAddress, keyof ServerAddress>

export function createServerChecks(db: EdgeDatabase): ServerChecks {
  return guardStore<ServerChecks>({
    async targets() {
      const { rows } = await db.execute<AddressRow>(sql`
        SELECT s.id, s.url, CASE WHEN s.lease_expires_at > clock_timestamp() THEN s.incarnation END AS incarnation
        FROM servers s WHERE s.deleted_at IS NULL AND s.status NOT IN ('provisioning', 'inactive') ORDER BY s.id`)
      return rows
    },

    async record(checks) {
      if (checks.length === 0) return 0
      const { rows } = await db.execute<{ changed: number }>(sql`
        WITH kept AS (
          INSERT INTO server_checks AS before (server_id, grade, reason, took_ms, checked_at, since)
          SELECT c."serverId", c.grade, c.reason, c."tookMs", now(), now()
          FROM json_to_recordset(${JSON.stringify(checks)}::json)
            AS c ("serverId" text, grade text, reason text, "tookMs" integer)
          JOIN servers s ON s.id = c."serverId"
          ORDER BY c."serverId"
          ON CONFLICT (server_id) DO UPDATE SET grade = excluded.grade, reason = excluded.reason,
            took_ms = excluded.took_ms, checked_at = excluded.checked_at,
            since = CASE WHEN before.grade = excluded.grade THEN before.since ELSE excluded.since END
          RETURNING since = checked_at AS changed
        )
        SELECT count(*) FILTER (WHERE changed)::int AS changed FROM kept`)
      return rows[0]?.changed ?? 0
    },
  })
}

/** Whether the check `k` says something about now: the cron may have stopped. */
export const isFreshCheck: SQL = sql`(k.checked_at > clock_timestamp() - ${freshMs} * interval '1 millisecond')`

/** Columns of a row `k` of server_checks beside its server, all NULL where there is none. */
export const checkColumns: SQL = sql`k.grade AS check_grade, k.reason AS check_reason, k.took_ms AS check_took_ms,
  k.checked_at AS check_checked_at, k.since AS check_since`

export interface CheckRow {
  check_grade: ServerCheck['grade'] | null
  check_reason: ServerCheck['reason']
  check_took_ms: number | null
  check_checked_at: string | null
  check_since: string | null
}

export function toCheck(row: CheckRow): ServerCheck | null {
  const { check_grade: grade, check_took_ms: tookMs, check_checked_at: checkedAt, check_since: since } = row
  if (grade === null || tookMs === null || checkedAt === null || since === null) return null
  return { grade, reason: row.check_reason, tookMs, checkedAt: new Date(checkedAt), since: new Date(since) }
}
