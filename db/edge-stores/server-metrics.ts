import { sql, type SQL } from 'drizzle-orm'
import type { ServerId } from '#contracts/ids.ts'
import type { ServerMetrics, ServerMetricsPoint } from '#core/ports/server-metrics.ts'
import type { EdgeDatabase } from '#db/clients/neon-http.ts'
import { guardStore } from '#db/errors/guard-store.ts'
import { bucketsOf, latencySums } from './metric-sql.ts'

const hourMs = 3_600_000

type PointRow = Omit<ServerMetricsPoint, 'at'> & { at: string }

export function createServerMetrics(db: EdgeDatabase): ServerMetrics {
  return guardStore<ServerMetrics>({
    async rollUpHours() {
      const { rows } = await db.execute<{ changed: number }>(rollUpHours)
      return rows[0]?.changed ?? 0
    },

    async series(serverId, span) {
      const { rows } = await db.execute<PointRow>(serverSeriesQuery(serverId, span))
      return rows.length === 0 ? undefined : rows.map((row) => ({ ...row, at: new Date(row.at) }))
    },
  })
}

/** Each column of minutes and hours, and how many of them become one. */
const folded = [
  ['cpu', 'avg(s.cpu)::float8'],
  ['memory', 'avg(s.memory)::float8'],
  ['disk', 'avg(s.disk)::float8'],
  ['network_in', 'sum(s.network_in)::float8'],
  ['network_out', 'sum(s.network_out)::float8'],
  ['event_loop_lag_ms', 'max(s.event_loop_lag_ms)::float8'],
  ['sessions', 'avg(s.sessions)::float8'],
  ['sent', 'coalesce(sum(s.sent), 0)::int'],
  ['received', 'coalesce(sum(s.received), 0)::int'],
  ['failed', 'coalesce(sum(s.failed), 0)::int'],
  ['latency', latencySums('s.latency')],
] as const
const names = folded.map(([name]) => name)
const foldedColumns = sql.raw(folded.map(([name, how]) => `${how} AS ${name}`).join(', '))
const listOf = (table: string) => sql.raw(names.map((name) => `${table}.${name}`).join(', '))

// The hour before the newest one too: messages of its last minutes were counted when the next had begun.
export const rollUpHours: SQL = sql`
  WITH rolled AS (
    INSERT INTO server_hours (server_id, at, ${sql.raw(names.join(', '))})
    SELECT s.server_id, date_bin(interval '1 hour', s.at, timestamptz '2000-01-01T00:00:00Z'), ${foldedColumns}
    FROM server_minutes s
    WHERE s.at >= coalesce((SELECT max(at) - interval '1 hour' FROM server_hours), '-infinity')
    GROUP BY 1, 2 ORDER BY 1, 2
    ON CONFLICT (server_id, at) DO UPDATE SET ${sql.raw(names.map((name) => `${name} = excluded.${name}`).join(', '))}
      WHERE (${listOf('server_hours')}) IS DISTINCT FROM (${listOf('excluded')})
    RETURNING 1
  )
  SELECT count(*)::int AS changed FROM rolled`

export function serverSeriesQuery(serverId: ServerId, span: { rangeMs: number; bucketMs: number }): SQL {
  const table = sql.raw(span.bucketMs < hourMs ? 'server_minutes' : 'server_hours')
  const { buckets, bucket } = bucketsOf(span)
  return sql`
    SELECT b.at, folded.cpu, folded.memory, folded.disk, folded.network_in AS "networkIn",
      folded.network_out AS "networkOut", folded.event_loop_lag_ms AS "eventLoopLagMs", folded.sessions,
      folded.sent, folded.received, folded.failed, folded.latency
    FROM (${buckets}) AS b
    CROSS JOIN LATERAL (
      SELECT ${foldedColumns} FROM ${table} s
      WHERE s.server_id = ${serverId} AND s.at >= b.at AND s.at < b.at + ${bucket}
    ) AS folded
    WHERE EXISTS (SELECT FROM servers r WHERE r.id = ${serverId} AND r.deleted_at IS NULL)
    ORDER BY b.at`
}
