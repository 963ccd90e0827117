import { eq, sql } from 'drizzle-orm'
import type { CustomerId } from '#contracts/ids.ts'
import type { Once } from '#core/ports/idempotency.ts'
import { maxWebhooksPerCustomer, type CreateWebhookOutcome, type NewWebhook } from '#core/ports/webhooks.ts'
import type { EdgeDatabase } from '#db/clients/neon-http.ts'
import type { KeyRing } from '#db/crypto/key-ring.ts'
import { sealText } from '#db/crypto/sealed-text.ts'
import { webhookEndpoints } from '#db/schema/webhooks.ts'
import { batchOnce } from './batch-once.ts'
import { webhookColumns } from './webhook-columns.ts'

/** One transaction. A customer's creations queue up at its row, so that each counts what the earlier ones committed. */
export async function createWebhook(
  db: EdgeDatabase,
  keyRing: KeyRing,
  customerId: CustomerId,
  { id, url, urlCheck, description, events, instanceId, secret }: NewWebhook,
  once?: Once,
): Promise<CreateWebhookOutcome> {
  const { keyRingId, sealed } = await sealText(keyRing, id, secret)
  const instanceFound =
    instanceId === null
      ? sql<boolean>`true`
      : sql<boolean>`EXISTS (SELECT FROM instances
          WHERE id = ${instanceId} AND customer_id = ${customerId} AND deleted_at IS NULL)`

  const effect = sql`(SELECT jsonb_build_object('id', id) FROM webhook_endpoints WHERE id = ${id})`

  const statements = [
    db.execute(sql`SELECT FROM customers WHERE id = ${customerId} FOR NO KEY UPDATE`),
    db.execute(sql`
      INSERT INTO webhook_endpoints (
        id, customer_id, url, url_check, description, events, instance_id, key_ring_id, secret)
      SELECT ${id}::text, ${customerId}::text, ${url}::text, ${urlCheck}::text, ${description}::text,
        ${sql.param(events, webhookEndpoints.events)}::text[], ${instanceId}::text, ${keyRingId}::text,
        ${sql.param(sealed, webhookEndpoints.secret)}::bytea
      WHERE ${instanceFound} AND ${maxWebhooksPerCustomer}::integer > (
        SELECT count(*) FROM webhook_endpoints WHERE customer_id = ${customerId} AND deleted_at IS NULL)`),
    db.select(webhookColumns).from(webhookEndpoints).where(eq(webhookEndpoints.id, id)),
    db.execute<{ found: boolean }>(sql`SELECT ${instanceFound} AS found`),
  ] as const
  const [, , [webhook], { rows }] = await batchOnce(db, customerId, once, { statements, effect })
  if (webhook !== undefined) return { outcome: 'created', webhook }
  if (rows[0]?.found !== true) return { outcome: 'instance-not-found' }
  return { outcome: 'limit-reached', limit: maxWebhooksPerCustomer }
}
