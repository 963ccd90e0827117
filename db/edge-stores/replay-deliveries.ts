import { sql } from 'drizzle-orm'
import type { CustomerId, WebhookId } from '#contracts/ids.ts'
import type { Once } from '#core/ports/idempotency.ts'
import { maxReplayed, type ReplayChoice, type ReplayOutcome } from '#core/ports/webhook-deliveries.ts'
import type { EdgeDatabase } from '#db/clients/neon-http.ts'
import { batchOnce, onceRow } from './batch-once.ts'
import { isoTime, liveEndpoint } from './delivery-sql.ts'

/**
 * One transaction. Rows are locked in one order, so that two replays cannot deadlock. A delivery keeps its place in its
 * lane: it goes out before what is pending there. The one row more than `maxReplayed` tells where to go on.
 */
export async function replayDeliveries(
  db: EdgeDatabase,
  customerId: CustomerId,
  id: WebhookId,
  choice: ReplayChoice,
  once?: Once,
): Promise<ReplayOutcome> {
  const chosen =
    'eventId' in choice
      ? sql`e.id = ${choice.eventId}`
      : sql`e.occurred_at >= ${choice.from.toISOString()}::timestamptz
          AND e.occurred_at < ${choice.to.toISOString()}::timestamptz`
  const isEnabled = sql`EXISTS (
    SELECT FROM webhook_endpoints WHERE ${liveEndpoint(customerId, id)} AND status = 'enabled')`
  const statements = [
    db.execute<{ status: string }>(sql`SELECT status FROM webhook_endpoints WHERE ${liveEndpoint(customerId, id)}`),
    db.execute(sql`
      SELECT FROM deliveries
      WHERE event_id = ${'eventId' in choice ? choice.eventId : null}::text AND endpoint_id = ${id}
        AND customer_id = ${customerId}`),
    db.execute<{ replayed: number; continue_from: string | null }>(sql`
      WITH chosen AS MATERIALIZED (
        SELECT d.event_id, d.endpoint_id, e.occurred_at
        FROM events e
        JOIN deliveries d ON d.event_id = e.id AND d.endpoint_id = ${id} AND d.customer_id = ${customerId}
        WHERE e.customer_id = ${customerId} AND ${chosen} AND d.status IN ('delivered', 'dead')
          AND ${isEnabled}
        ORDER BY e.occurred_at, e.id
        LIMIT ${maxReplayed + 1}
        FOR NO KEY UPDATE OF d
      ),
      numbered AS (SELECT c.*, row_number() OVER (ORDER BY c.occurred_at, c.event_id) AS number FROM chosen c),
      replayed AS (
        UPDATE deliveries d
        SET status = 'pending', attempts_before = d.attempts, next_attempt_at = clock_timestamp(),
          claim_token = NULL, claimed_by = NULL, claimed_until = NULL, finished_at = NULL
        FROM numbered n
        WHERE d.event_id = n.event_id AND d.endpoint_id = n.endpoint_id AND n.number <= ${maxReplayed}
        RETURNING d.event_id
      ),
      result AS (
        SELECT (SELECT count(*)::integer FROM replayed) AS replayed,
          (SELECT ${isoTime(sql`n.occurred_at`)} FROM numbered n WHERE n.number > ${maxReplayed}) AS continue_from
      ),
      written AS (
        UPDATE idempotent_requests SET effect = to_jsonb(result) FROM result
        WHERE ${onceRow(customerId, once)} AND ${isEnabled}
      )
      SELECT replayed, continue_from FROM result`),
  ] as const
  const effect = sql`effect`
  const [endpoints, named, { rows }] = await batchOnce(db, customerId, once, { statements, effect })
  const [endpoint] = endpoints.rows
  const [result] = rows
  if (endpoint === undefined) return { outcome: 'not-found' }
  if ('eventId' in choice && named.rows.length === 0) return { outcome: 'event-not-found' }
  if (endpoint.status === 'disabled' || result === undefined) return { outcome: 'disabled' }
  const { replayed, continue_from: continueFrom } = result
  return { outcome: 'replayed', replayed, continueFrom: continueFrom === null ? null : new Date(continueFrom) }
}
