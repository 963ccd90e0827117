import { sql } from 'drizzle-orm'
import type { DisabledReason } from '#contracts/events.ts'
import { newId, type WebhookId } from '#contracts/ids.ts'
import { disabledAfterMs, type Attempt, type AttemptVerdict, type RecordOutcome } from '#core/ports/deliveries.ts'
import { disabledLane } from '#core/rules/webhook-disabled.ts'
import { storableText } from './storable.ts'
import type { WorkerDatabase } from './worker-database.ts'

/** Characters of an answer and of an error that are kept. */
const keptCharacters = 1_024

const statuses: Record<AttemptVerdict['verdict'], string> = {
  delivered: 'delivered',
  dead: 'dead',
  undeliverable: 'dead',
  'endpoint-gone': 'dead',
  retry: 'pending',
  'probe-failed': 'pending',
}

type OutcomeRow = { kept: number[]; disabled: { endpointId: WebhookId; reason: DisabledReason }[] }

/**
 * Deliveries, their attempts and what they mean for the endpoints: one statement, each only under its claim's token.
 * Endpoints are locked before deliveries and both in order of id, as all do who lock several. An endpoint is touched only
 * when something changes for it, so that records of a healthy one do not queue up at its row.
 */
export async function recordAttempts(database: WorkerDatabase, attempts: readonly Attempt[]): Promise<RecordOutcome> {
  const { rows } = await database.execute<OutcomeRow>(sql`
    WITH made AS MATERIALIZED (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(attempts.map(rowOf))}::jsonb) AS m (
        number integer, event_id text, endpoint_id text, claim_token text, verdict text, to_status text, after_ms float8,
        duration_ms integer, status integer, error text, response text, notice_id text)
    ),
    endpoints AS MATERIALIZED (
      SELECT w.id, w.customer_id, w.status, w.failing_since,
        w.failing_since < clock_timestamp() - ${disabledAfterMs} * interval '1 millisecond' AS failed_long
      FROM webhook_endpoints w
      WHERE w.id IN (
        SELECT m.endpoint_id FROM made m
        JOIN webhook_endpoints e ON e.id = m.endpoint_id
        WHERE CASE m.verdict
            WHEN 'delivered' THEN e.failing_since IS NOT NULL
            WHEN 'endpoint-gone' THEN true
            WHEN 'undeliverable' THEN false
            ELSE e.failing_since IS NULL
              OR e.failing_since < clock_timestamp() - ${disabledAfterMs} * interval '1 millisecond'
          END
          OR (m.status IS NOT NULL AND e.url_check = 'unverified'))
      ORDER BY w.id
      FOR NO KEY UPDATE
    ),
    locked AS MATERIALIZED (
      SELECT d.event_id, d.endpoint_id
      FROM made m
      JOIN deliveries d ON d.event_id = m.event_id AND d.endpoint_id = m.endpoint_id
      WHERE d.status = 'pending' AND d.claim_token = m.claim_token AND (SELECT count(*) FROM endpoints) >= 0
      ORDER BY d.event_id, d.endpoint_id
      FOR NO KEY UPDATE OF d
    ),
    moved AS (
      UPDATE deliveries d
      SET status = m.to_status, attempts = d.attempts + 1, claim_token = NULL, claimed_by = NULL,
        claimed_until = NULL,
        attempts_before = d.attempts_before + CASE m.verdict WHEN 'probe-failed' THEN 1 ELSE 0 END,
        next_attempt_at = coalesce(clock_timestamp() + m.after_ms * interval '1 millisecond', d.next_attempt_at),
        finished_at = CASE WHEN m.to_status <> 'pending' THEN clock_timestamp() END
      FROM locked l
      JOIN made m ON m.event_id = l.event_id AND m.endpoint_id = l.endpoint_id
      WHERE d.event_id = l.event_id AND d.endpoint_id = l.endpoint_id
      RETURNING d.attempts, m.*
    ),
    kept AS (
      INSERT INTO delivery_attempts (event_id, endpoint_id, attempt, duration_ms, status, error, response)
      SELECT event_id, endpoint_id, attempts, duration_ms, status, error, response FROM moved
    ),
    met AS (
      SELECT endpoint_id, bool_or(verdict = 'delivered') AS delivered, bool_or(verdict = 'endpoint-gone') AS gone,
        bool_and(verdict = 'undeliverable') AS undeliverable, bool_or(status IS NOT NULL) AS answered,
        min(notice_id) AS notice_id
      FROM moved GROUP BY endpoint_id
    ),
    meant AS MATERIALIZED (
      SELECT e.id, e.customer_id, met.notice_id, met.answered,
        CASE WHEN e.status = 'enabled' AND met.gone THEN 'endpoint-gone'
          WHEN e.status = 'enabled' AND e.failed_long AND NOT met.delivered AND NOT met.undeliverable
            THEN 'endpoint-failing' END AS disabled_reason,
        CASE WHEN met.delivered THEN NULL
          WHEN met.undeliverable THEN e.failing_since
          ELSE coalesce(e.failing_since, clock_timestamp()) END AS failing_since
      FROM endpoints e
      JOIN met ON met.endpoint_id = e.id
    ),
    changed AS (
      UPDATE webhook_endpoints w
      SET failing_since = n.failing_since,
        url_check = CASE WHEN n.answered THEN 'verified' ELSE w.url_check END,
        status = CASE WHEN n.disabled_reason IS NULL THEN w.status ELSE 'disabled' END,
        disabled_reason = coalesce(n.disabled_reason, w.disabled_reason)
      FROM meant n
      WHERE w.id = n.id
    ),
    disabled AS MATERIALIZED (SELECT * FROM meant WHERE disabled_reason IS NOT NULL),
    told AS (
      INSERT INTO events (id, customer_id, type, data)
      SELECT notice_id, customer_id, 'webhook.disabled', jsonb_build_object(
        'webhook_id', id, 'reason', disabled_reason, 'failing_since',
        to_char(failing_since AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
      FROM disabled
      RETURNING id, customer_id, type
    ),
    addressed AS (
      INSERT INTO deliveries (event_id, endpoint_id, customer_id, lane)
      SELECT t.id, w.id, t.customer_id, ${disabledLane}
      FROM told t
      JOIN webhook_endpoints w ON w.customer_id = t.customer_id
        AND w.status = 'enabled' AND w.deleted_at IS NULL AND w.instance_id IS NULL
        AND (w.events @> ARRAY['*'] OR w.events @> ARRAY[t.type])
        AND w.id NOT IN (SELECT id FROM disabled)
    )
    SELECT coalesce((SELECT jsonb_agg(number) FROM moved), '[]') AS kept,
      coalesce((SELECT jsonb_agg(jsonb_build_object('endpointId', id, 'reason', disabled_reason)) FROM disabled), '[]')
        AS disabled`)
  const [outcome] = rows
  if (outcome === undefined) throw new Error('The statement answers a row at any rate.')
  const kept = new Set(outcome.kept)
  return { kept: attempts.map((_, number) => kept.has(number)), disabled: outcome.disabled }
}

function rowOf({ delivery: { eventId, endpointId, claimToken }, result, verdict }: Attempt, number: number) {
  return {
    number,
    event_id: eventId,
    endpoint_id: endpointId,
    claim_token: claimToken,
    verdict: verdict.verdict,
    to_status: statuses[verdict.verdict],
    after_ms: 'afterMs' in verdict ? verdict.afterMs : null,
    duration_ms: Math.round(result.durationMs),
    status: result.status,
    error: keep(result.error),
    response: keep(result.response),
    notice_id: newId('event'),
  }
}

function keep(text: string | null): string | null {
  return text === null ? null : storableText(text.slice(0, keptCharacters))
}
