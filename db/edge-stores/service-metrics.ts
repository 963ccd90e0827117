import { sql, type SQL } from 'drizzle-orm'
import type { InstanceState } from '#contracts/instance-states.ts'
import type { MessageCounts, ServiceMetrics, ServiceOverview } from '#core/ports/service-metrics.ts'
import { latencyBoundsMs, noLatencies } from '#core/rules/latency.ts'
import type { EdgeDatabase } from '#db/clients/neon-http.ts'
import { guardStore } from '#db/errors/guard-store.ts'

type CountsRow = Pick<MessageCounts, keyof MessageCounts>
type SeriesRow = CountsRow & { at: string }

export function createServiceMetrics(db: EdgeDatabase): ServiceMetrics {
  return guardStore<ServiceMetrics>({
    async rollUpMinutesAcrossCustomers() {
      const { rows } = await db.execute<{ messages: number }>(rollUpMinutes)
      return rows[0]?.messages ?? 0
    },

    async overviewAcrossCustomers(span) {
      const [customers, instances, servers, alerts, recent, series] = await db.batch([
        db.execute<ServiceOverview['customers']>(overviewQueries.customers),
        db.execute<{ state: InstanceState; count: number }>(overviewQueries.instances),
        db.execute<ServiceOverview['servers']>(overviewQueries.servers),
        db.execute<ServiceOverview['alerts'][number]>(overviewQueries.alerts),
        db.execute<CountsRow>(overviewQueries.recent),
        db.execute<SeriesRow>(seriesQuery(span)),
      ])
      return {
        customers: customers.rows[0]!,
        instances: Object.fromEntries(instances.rows.map(({ state, count }) => [state, count])),
        servers: servers.rows[0]!,
        alerts: alerts.rows,
        recent: recent.rows[0]!,
        series: series.rows.map(({ at, ...counts }) => ({ ...counts, at: new Date(at) })),
      }
    },
  })
}

const classes = noLatencies().map((_none, index) => index)
const bounds = sql.raw(`ARRAY[${latencyBoundsMs.join(', ')}]`)

/** What an event tells of its message: the times of the same database, without a look at the message. */
const tookMs = sql`extract(epoch FROM (e.data ->> 'sent_at')::timestamptz - (e.data ->> 'created_at')::timestamptz) * 1000`
const isOurFailure = sql`e.data ->> 'status' <> 'cancelled' AND e.data #>> '{error,code}' IS DISTINCT FROM 'NOT_ON_WHATSAPP'`

export const rollUpMinutes: SQL = sql`
  WITH span AS (
    SELECT date_trunc('minute', now()) - interval '2 minutes' AS last,
      greatest(
        coalesce((SELECT max(minute) + interval '1 minute' FROM minute_stats), now() - interval '1 hour'),
        now() - interval '7 days') AS first
  ),
  minutes AS (
    SELECT generate_series(date_trunc('minute', first), least(last, date_trunc('minute', first) + interval '59 minutes'),
      interval '1 minute') AS minute FROM span
  ),
  counted AS (
    SELECT date_trunc('minute', e.occurred_at) AS minute,
      count(*) FILTER (WHERE e.type = 'message.sent')::int AS sent,
      count(*) FILTER (WHERE e.type = 'message.received')::int AS received,
      count(*) FILTER (WHERE e.type = 'message.failed' AND ${isOurFailure})::int AS failed,
      ARRAY[${sql.join(
        classes.map((index) => sql`count(*) FILTER (WHERE took.class = ${sql.raw(String(index))})::int`),
        sql`, `,
      )}] AS latency
    FROM events e
    CROSS JOIN LATERAL (
      -- What the customer's own phone sent was there before we heard of it.
      SELECT CASE WHEN e.type = 'message.sent' AND ${tookMs} >= 0
        THEN width_bucket((${tookMs})::numeric, ${bounds}::numeric[]) END AS class
    ) took
    WHERE e.type IN ('message.sent', 'message.received', 'message.failed')
      AND e.occurred_at >= (SELECT min(minute) FROM minutes)
      AND e.occurred_at < (SELECT max(minute) + interval '1 minute' FROM minutes)
    GROUP BY 1
  ),
  added AS (
    INSERT INTO minute_stats (minute, sent, received, failed, latency)
    SELECT minute, coalesce(sent, 0), coalesce(received, 0), coalesce(failed, 0),
      coalesce(latency, array_fill(0, ARRAY[${sql.raw(String(classes.length))}]))
    FROM minutes LEFT JOIN counted USING (minute)
    ON CONFLICT (minute) DO NOTHING
    RETURNING sent + received + failed AS messages
  )
  SELECT coalesce(sum(messages), 0)::int AS messages FROM added`

const sums: SQL = sql`coalesce(sum(s.sent), 0)::int AS sent, coalesce(sum(s.received), 0)::int AS received,
  coalesce(sum(s.failed), 0)::int AS failed,
  ARRAY[${sql.join(
    classes.map((index) => sql`coalesce(sum(s.latency[${sql.raw(String(index + 1))}]), 0)::int`),
    sql`, `,
  )}] AS latency`

/** Of the five minutes that were counted last; of none when that was long ago. */
export const recentCounts: SQL = sql`
  SELECT ${sums} FROM (SELECT * FROM minute_stats ORDER BY minute DESC LIMIT 5) AS s
  WHERE s.minute > now() - interval '15 minutes'`

const isLive = sql`coalesce(lease_expires_at > clock_timestamp(), false)`
const shouldWork = sql`status IN ('active', 'draining')`

const overviewQueries = {
  customers: sql`
    SELECT count(*) FILTER (WHERE status = 'active')::int AS active,
      count(*) FILTER (WHERE status = 'suspended')::int AS suspended
    FROM customers WHERE deleted_at IS NULL`,
  instances: sql`SELECT state, count(*)::int AS count FROM instances WHERE deleted_at IS NULL GROUP BY state`,
  servers: sql`
    SELECT count(*) FILTER (WHERE ${shouldWork} AND ${isLive} AND health = 'healthy')::int AS healthy,
      count(*) FILTER (WHERE ${shouldWork} AND ${isLive} AND health = 'degraded')::int AS degraded,
      count(*) FILTER (WHERE ${shouldWork} AND NOT ${isLive})::int AS down,
      count(*) FILTER (WHERE NOT ${shouldWork})::int AS other
    FROM servers WHERE deleted_at IS NULL`,
  alerts: sql`
    SELECT kind, acknowledged_at IS NOT NULL AS acknowledged, count(*)::int AS count
    FROM alerts WHERE resolved_at IS NULL GROUP BY 1, 2`,
  recent: recentCounts,
} as const

export function seriesQuery({ rangeMs, bucketMs }: { rangeMs: number; bucketMs: number }): SQL {
  const bucket = sql`${bucketMs} * interval '1 millisecond'`
  const origin = sql`timestamptz '2000-01-01T00:00:00Z'`
  return sql`
    WITH ends AS (
      SELECT date_bin(${bucket}, now() - ${rangeMs} * interval '1 millisecond', ${origin}) + ${bucket} AS first,
        date_bin(${bucket}, now(), ${origin}) AS last
    )
    SELECT b.at, ${sums}
    FROM ends CROSS JOIN LATERAL generate_series(ends.first, ends.last, ${bucket}) AS b (at)
    LEFT JOIN minute_stats s ON s.minute >= b.at AND s.minute < b.at + ${bucket}
    GROUP BY b.at ORDER BY b.at`
}
