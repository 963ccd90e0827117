import { sql, type SQL } from 'drizzle-orm'
import type { CustomerId, WebhookId } from '#contracts/ids.ts'

/** The condition under which an endpoint exists for its customer, on `webhook_endpoints`. */
export function liveEndpoint(customerId: CustomerId, id: WebhookId): SQL {
  return sql`id = ${id} AND customer_id = ${customerId} AND deleted_at IS NULL`
}

/** A moment as JSON shows it; cut to milliseconds, never rounded up. */
export function isoTime(moment: SQL): SQL {
  return sql`to_char(${moment} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
}

/** Locks what is pending at an endpoint, `where` it is told, in the order in which all do who lock several deliveries. */
export function lockPending(customerId: CustomerId, id: WebhookId, where: SQL = sql``): SQL {
  return sql`
    SELECT event_id, endpoint_id FROM deliveries
    WHERE endpoint_id = ${id} AND customer_id = ${customerId} AND status = 'pending' ${where}
    ORDER BY event_id
    FOR NO KEY UPDATE`
}

/** Has what waits for a retry at an endpoint tried again at once; its schedule goes on where it stands. */
export function makeDue(customerId: CustomerId, id: WebhookId, where: SQL = sql``): SQL {
  return sql`
    WITH due AS MATERIALIZED (${lockPending(customerId, id, sql`AND next_attempt_at > clock_timestamp() ${where}`)})
    UPDATE deliveries d SET next_attempt_at = clock_timestamp()
    FROM due WHERE d.event_id = due.event_id AND d.endpoint_id = due.endpoint_id`
}
