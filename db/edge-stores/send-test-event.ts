import { sql } from 'drizzle-orm'
import type { CustomerId, EventId, WebhookId } from '#contracts/ids.ts'
import type { Once } from '#core/ports/idempotency.ts'
import { presentTestEvent, testLane } from '#core/rules/webhook-test.ts'
import type { EdgeDatabase } from '#db/clients/neon-http.ts'
import { events } from '#db/schema/events.ts'
import { batchOnce } from './batch-once.ts'
import { makeDue } from './delivery-sql.ts'

/**
 * One transaction: the event, its one delivery, and what is known of the endpoint when there is none. Earlier tests that
 * wait for a retry are due too, because this one waits behind them.
 */
export async function sendTestEvent(
  db: EdgeDatabase,
  customerId: CustomerId,
  { id, eventId }: { id: WebhookId; eventId: EventId },
  once?: Once,
) {
  const effect = sql`(SELECT jsonb_build_object('event_id', event_id) FROM deliveries WHERE event_id = ${eventId})`
  const statements = [
    db.execute(sql`
      INSERT INTO events (id, customer_id, type, data)
      SELECT ${eventId}::text, customer_id, 'webhook.test', ${sql.param(presentTestEvent(id), events.data)}::jsonb
      FROM webhook_endpoints
      WHERE id = ${id} AND customer_id = ${customerId} AND deleted_at IS NULL AND status = 'enabled'`),
    db.execute(sql`
      SELECT FROM webhook_endpoints WHERE id = ${id} AND customer_id = ${customerId} AND deleted_at IS NULL`),
    db.execute(sql`
      INSERT INTO deliveries (event_id, endpoint_id, customer_id, lane)
      SELECT e.id, ${id}::text, e.customer_id, ${testLane}::text
      FROM events e WHERE e.id = ${eventId} AND e.customer_id = ${customerId}`),
    db.execute(makeDue(customerId, id, sql`AND lane = ${testLane}`)),
  ] as const
  const [, { rows: endpoints }, recorded] = await batchOnce(db, customerId, once, { statements, effect })
  if (recorded.rowCount === 1) return 'recorded'
  return endpoints.length === 0 ? 'not-found' : 'disabled'
}
