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
