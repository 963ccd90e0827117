import { sql } from 'drizzle-orm'
import type { AttemptResult, AttemptVerdict, ClaimedDelivery } from '#core/ports/deliveries.ts'
import { storableText } from './storable.ts'
import type { WorkerDatabase } from './worker-database.ts'

/** Characters of an answer and of an error that are kept. */
const keptCharacters = 1_024

/** The delivery, its attempt and, when the endpoint is gone, the endpoint: one statement, only under the claim's token. */
export async function recordAttempt(
  database: WorkerDatabase,
  { eventId, endpointId, claimToken }: ClaimedDelivery,
  result: AttemptResult,
  verdict: AttemptVerdict,
): Promise<boolean> {
  const status = { delivered: 'delivered', dead: 'dead', 'endpoint-gone': 'dead', retry: 'pending' }[verdict.verdict]
  const afterMs = verdict.verdict === 'retry' ? verdict.afterMs : null
  const gone = verdict.verdict === 'endpoint-gone'
  // An endpoint that is gone is locked before its delivery, in the order in which its deletion locks them.
  const { rows } = await database.execute<{ moved: boolean }>(sql`
    WITH endpoint AS MATERIALIZED (
      SELECT id FROM webhook_endpoints WHERE id = ${endpointId} AND ${gone} FOR NO KEY UPDATE
    ),
    moved AS (
      UPDATE deliveries
      SET status = ${status}, attempts = attempts + 1, claim_token = NULL, claimed_until = NULL,
        next_attempt_at = coalesce(clock_timestamp() + ${afterMs} * interval '1 millisecond', next_attempt_at),
        finished_at = CASE WHEN ${status} <> 'pending' THEN clock_timestamp() END
      WHERE event_id = ${eventId} AND endpoint_id = ${endpointId} AND status = 'pending'
        AND claim_token = ${claimToken} AND (SELECT count(*) FROM endpoint) >= 0
      RETURNING event_id, endpoint_id, attempts
    ),
    kept AS (
      INSERT INTO delivery_attempts (event_id, endpoint_id, attempt, duration_ms, status, error, response)
      SELECT event_id, endpoint_id, attempts, ${Math.round(result.durationMs)}, ${result.status},
        ${keep(result.error)}, ${keep(result.response)}
      FROM moved
    ),
    gone AS (
      UPDATE webhook_endpoints SET status = 'disabled', disabled_reason = 'endpoint-gone'
      WHERE id = ${endpointId} AND ${gone} AND EXISTS (SELECT FROM moved)
    )
    SELECT EXISTS (SELECT FROM moved) AS moved`)
  return rows[0]?.moved === true
}

function keep(text: string | null): string | null {
  return text === null ? null : storableText(text.slice(0, keptCharacters))
}
