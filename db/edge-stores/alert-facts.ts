import { sql, type SQL } from 'drizzle-orm'
import type { AlertFacts } from '#core/ports/alerts.ts'
import { quotaShare } from '#core/rules/alert-causes.ts'
import type { EdgeDatabase } from '#db/clients/neon-http.ts'
import { recentCounts } from './service-metrics.ts'
import { isFreshCheck } from './server-checks.ts'
import { placedCount } from '#db/placement/server-conditions.ts'

/** Of each kind of fact. More alerts than that help nobody. */
const mostFacts = 1_000

type Fact<K extends 'servers' | 'instances' | 'webhooks' | 'quotas'> = AlertFacts[K][number]
/** A row as the driver gives it. */
type InstanceRow = Omit<Fact<'instances'>, 'stateChangedAt'> & { stateChangedAt: string }
type WebhookRow = Omit<Fact<'webhooks'>, 'failingSince'> & { failingSince: string | null }

/** One request, five statements; each goes by an index that holds little more than what it looks for. */
export async function readAlertFacts(db: EdgeDatabase): Promise<AlertFacts> {
  const [servers, instances, webhooks, quotas, messages] = await db.batch([
    db.execute<Fact<'servers'>>(alertFactQueries.servers),
    db.execute<InstanceRow>(alertFactQueries.instances),
    db.execute<WebhookRow>(alertFactQueries.webhooks),
    db.execute<Fact<'quotas'>>(alertFactQueries.quotas),
    db.execute<AlertFacts['messages']>(alertFactQueries.messages),
  ])
  return {
    servers: servers.rows,
    instances: instances.rows.map((row) => ({ ...row, stateChangedAt: new Date(row.stateChangedAt) })),
    webhooks: webhooks.rows.map(({ failingSince, ...row }) => ({
      ...row,
      failingSince: failingSince === null ? null : new Date(failingSince),
    })),
    quotas: quotas.rows,
    messages: messages.rows[0]!,
  }
}

const instancesIn = (state: string) => sql`(
  SELECT i.id, i.customer_id, i.state, i.reason, i.state_changed_at
  FROM instances i JOIN customers c ON c.id = i.customer_id
  WHERE i.state = ${sql.raw(`'${state}'`)} AND i.desired = 'running' AND i.deleted_at IS NULL
    AND c.status = 'active' AND c.deleted_at IS NULL
  ORDER BY i.state_changed_at DESC LIMIT ${mostFacts})`

export const alertFactQueries: Record<keyof AlertFacts, SQL> = {
  servers: sql`
    SELECT s.id, s.name, s.status, s.health, s.max_capacity AS "maxCapacity", ${placedCount} AS placed,
      (extract(epoch FROM clock_timestamp() - s.lease_expires_at) * 1000)::float8 AS "leaseEndedMs",
      CASE WHEN ${isFreshCheck} THEN json_build_object('grade', k.grade, 'reason', k.reason,
        'sinceMs', (extract(epoch FROM clock_timestamp() - k.since) * 1000)::float8) END AS check
    FROM servers s LEFT JOIN server_checks k ON k.server_id = s.id
    WHERE s.deleted_at IS NULL AND s.status IN ('active', 'draining')`,
  instances: sql`
    SELECT id, customer_id AS "customerId", state, reason, state_changed_at AS "stateChangedAt"
    FROM (${instancesIn('logged_out')} UNION ALL ${instancesIn('banned')}) AS ended
    ORDER BY state_changed_at DESC LIMIT ${mostFacts}`,
  webhooks: sql`
    SELECT id, customer_id AS "customerId", disabled_reason AS reason, failing_since AS "failingSince"
    FROM webhook_endpoints WHERE disabled_reason IS NOT NULL AND deleted_at IS NULL
    ORDER BY id DESC LIMIT ${mostFacts}`,
  // now() and not clock_timestamp(): an index can be asked for what is the same for the whole statement.
  quotas: sql`
    SELECT customer_id AS "customerId", to_char(day, 'YYYY-MM-DD') AS day, messages, quota
    FROM usage_days WHERE day = (now() AT TIME ZONE 'UTC')::date AND messages >= quota * ${quotaShare}::numeric
    ORDER BY messages::numeric / greatest(quota, 1) DESC LIMIT ${mostFacts}`,
  messages: recentCounts,
}
