import { sql, type SQL } from 'drizzle-orm'
import type { InstanceState } from '#contracts/instance-states.ts'
import type { MessageCounts, ServiceMetrics, ServiceOverview } from '#core/ports/service-metrics.ts'
import { latencyBoundsMs, noLatencies } from '#core/rules/latency.ts'
import { mediaKinds } from '#core/rules/media-kinds.ts'
import type { EdgeDatabase } from '#db/clients/neon-http.ts'
import { guardStore } from '#db/errors/guard-store.ts'
import { bucketsOf, latencySums } from './metric-sql.ts'
import { isFreshCheck } from './server-checks.ts'

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

const isMedia = sql`e.data #>> '{unsupported,kind}' IN (${sql.raw(mediaKinds.map((kind) => `'${kind}'`).join(', '))})`

/** Counts minutes, and by the same look what each customer had on which server, and each server in all. */
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
  told AS (
    SELECT date_trunc('minute', e.occurred_at) AS minute, e.customer_id, l.server_id,
      count(*) FILTER (WHERE e.type = 'message.sent')::int AS sent,
      count(*) FILTER (WHERE e.type = 'message.received')::int AS received,
      count(*) FILTER (WHERE e.type = 'message.failed' AND ${isOurFailure})::int AS failed,
      count(*) FILTER (WHERE e.type = 'message.sent' AND ${isMedia})::int AS media_sent,
      count(*) FILTER (WHERE e.type = 'message.received' AND ${isMedia})::int AS media_received,
      ARRAY[${sql.join(
        classes.map((index) => sql`count(*) FILTER (WHERE took.class = ${sql.raw(String(index))})::int`),
        sql`, `,
      )}] AS latency
    FROM events e
    LEFT JOIN instance_leases l ON l.instance_id = e.instance_id
    CROSS JOIN LATERAL (
      -- What the customer's own phone sent was there before we heard of it.
      SELECT CASE WHEN e.type = 'message.sent' AND ${tookMs} >= 0
        THEN width_bucket((${tookMs})::numeric, ${bounds}::numeric[]) END AS class
    ) took
    WHERE e.type IN ('message.sent', 'message.received', 'message.failed')
      AND e.occurred_at >= (SELECT min(minute) FROM minutes)
      AND e.occurred_at < (SELECT max(minute) + interval '1 minute' FROM minutes)
    GROUP BY 1, 2, 3
  ),
  counted AS (
    SELECT minute, sum(sent)::int AS sent, sum(received)::int AS received, sum(failed)::int AS failed,
      ${sql.raw(latencySums('told.latency'))} AS latency
    FROM told GROUP BY minute
  ),
  added AS (
    INSERT INTO minute_stats (minute, sent, received, failed, latency)
    SELECT minute, coalesce(sent, 0), coalesce(received, 0), coalesce(failed, 0),
      coalesce(latency, array_fill(0, ARRAY[${sql.raw(String(classes.length))}]))
    FROM minutes LEFT JOIN counted USING (minute)
    ON CONFLICT (minute) DO NOTHING
    RETURNING minute, sent + received + failed AS messages
  ),
  used AS (
    -- Only of minutes that nobody else has counted meanwhile.
    INSERT INTO message_days (customer_id, day, server_id, sent, received, failed, media_sent, media_received)
    SELECT customer_id, (minute AT TIME ZONE 'UTC')::date, server_id,
      sum(sent), sum(received), sum(failed), sum(media_sent), sum(media_received)
    FROM told JOIN added USING (minute)
    WHERE server_id IS NOT NULL AND sent + received + failed > 0
    GROUP BY 1, 2, 3
    ON CONFLICT (customer_id, day, server_id) DO UPDATE SET
      sent = message_days.sent + excluded.sent, received = message_days.received + excluded.received,
      failed = message_days.failed + excluded.failed, media_sent = message_days.media_sent + excluded.media_sent,
      media_received = message_days.media_received + excluded.media_received
  ),
  by_server AS (
    INSERT INTO server_minutes (server_id, at, sent, received, failed, latency)
    SELECT server_id, minute, sum(sent), sum(received), sum(failed), ${sql.raw(latencySums('told.latency'))}
    FROM told JOIN added USING (minute)
    WHERE server_id IS NOT NULL AND sent + received + failed > 0
    GROUP BY 1, 2 ORDER BY 1, 2
    ON CONFLICT (server_id, at) DO UPDATE SET sent = excluded.sent, received = excluded.received,
      failed = excluded.failed, latency = excluded.latency
  )
  SELECT coalesce(sum(messages), 0)::int AS messages FROM added`

const sums: SQL = sql`coalesce(sum(s.sent), 0)::int AS sent, coalesce(sum(s.received), 0)::int AS received,
  coalesce(sum(s.failed), 0)::int AS failed, ${sql.raw(latencySums('s.latency'))} AS latency`

/** Of the five minutes that were counted last; of none when that was long ago. */
export const recentCounts: SQL = sql`
  SELECT ${sums} FROM (SELECT * FROM minute_stats ORDER BY minute DESC LIMIT 5) AS s
  WHERE s.minute > now() - interval '15 minutes'`

const isLive = sql`coalesce(lease_expires_at > clock_timestamp(), false)`
const shouldWork = sql`status IN ('active', 'draining')`

/** Says so itself, and looks so from the edge. */
const isWell = sql`(health = 'healthy' AND NOT coalesce(${isFreshCheck} AND k.grade <> 'healthy', false))`

const overviewQueries = {
  customers: sql`
    SELECT count(*) FILTER (WHERE status = 'active')::int AS active,
      count(*) FILTER (WHERE status = 'suspended')::int AS suspended
    FROM customers WHERE deleted_at IS NULL`,
  instances: sql`SELECT state, count(*)::int AS count FROM instances WHERE deleted_at IS NULL GROUP BY state`,
  servers: sql`
    SELECT count(*) FILTER (WHERE ${shouldWork} AND ${isLive} AND ${isWell})::int AS healthy,
      count(*) FILTER (WHERE ${shouldWork} AND ${isLive} AND NOT ${isWell})::int AS degraded,
      count(*) FILTER (WHERE ${shouldWork} AND NOT ${isLive})::int AS down,
      count(*) FILTER (WHERE NOT ${shouldWork})::int AS other
    FROM servers LEFT JOIN server_checks k ON k.server_id = servers.id WHERE deleted_at IS NULL`,
  alerts: sql`
    SELECT kind, acknowledged_at IS NOT NULL AS acknowledged, count(*)::int AS count
    FROM alerts WHERE resolved_at IS NULL GROUP BY 1, 2`,
  recent: recentCounts,
} as const

export function seriesQuery(span: { rangeMs: number; bucketMs: number }): SQL {
  const { buckets, bucket } = bucketsOf(span)
  return sql`
    SELECT b.at, ${sums}
    FROM (${buckets}) AS b
    LEFT JOIN minute_stats s ON s.minute >= b.at AND s.minute < b.at + ${bucket}
    GROUP BY b.at ORDER BY b.at`
}
