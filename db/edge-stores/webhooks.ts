import { and, desc, eq, isNull, sql } from 'drizzle-orm'
import type { CustomerId, WebhookId } from '#contracts/ids.ts'
import { previousSecretMs, type Webhooks } from '#core/ports/webhooks.ts'
import { pageOf, readCursor } from '#core/rules/cursor.ts'
import type { EdgeDatabase } from '#db/clients/neon-http.ts'
import type { KeyRing } from '#db/crypto/key-ring.ts'
import { sealText } from '#db/crypto/sealed-text.ts'
import { guardStore } from '#db/errors/guard-store.ts'
import { webhookEndpoints } from '#db/schema/webhooks.ts'
import { batchOnce } from './batch-once.ts'
import { createWebhook } from './create-webhook.ts'
import { isoTime, liveEndpoint, lockPending, makeDue } from './delivery-sql.ts'
import { sendTestEvent } from './send-test-event.ts'
import { webhookColumns } from './webhook-columns.ts'

/** `keyRing` is the one of webhook secrets, which edge and workers share. */
export function createWebhooks(db: EdgeDatabase, keyRing: KeyRing): Webhooks {
  return guardStore<Webhooks>({
    create: (customerId, webhook, once) => createWebhook(db, keyRing, customerId, webhook, once),
    sendTest: (customerId, id, eventId, once) => sendTestEvent(db, customerId, { id, eventId }, once),

    async get(customerId, id) {
      const [webhook] = await db.select(webhookColumns).from(webhookEndpoints).where(live(customerId, id))
      return webhook
    },

    async list(customerId, { limit, cursor }) {
      const list = `webhooks/${customerId}`
      const after = cursor === undefined ? undefined : readCursor(list, cursor)
      const rows = await db
        .select(webhookColumns)
        .from(webhookEndpoints)
        .where(
          and(
            eq(webhookEndpoints.customerId, customerId),
            isNull(webhookEndpoints.deletedAt),
            after === undefined ? undefined : olderThan(customerId, after),
          ),
        )
        .orderBy(desc(webhookEndpoints.createdAt), desc(webhookEndpoints.id))
        .limit(limit + 1)
      return pageOf(list, limit, rows)
    },

    async update(customerId, id, change) {
      const enables = change.status === 'enabled'
      const isNewStart = enables || change.url !== undefined
      const [[webhook]] = await db.batch([
        db
          .update(webhookEndpoints)
          .set({
            ...change,
            ...(enables ? { disabledReason: null } : {}),
            ...(isNewStart ? { failingSince: null } : {}),
          })
          .where(live(customerId, id))
          .returning(webhookColumns),
        ...(isNewStart ? [db.execute(makeDue(customerId, id))] : []),
      ])
      return webhook
    },

    async rotateSecret(customerId, id, secret, once) {
      const { keyRingId, sealed } = await sealText(keyRing, id, secret)
      const rotate = db
        .update(webhookEndpoints)
        .set({
          previousKeyRingId: sql`${webhookEndpoints.keyRingId}`,
          previousSecret: sql`${webhookEndpoints.secret}`,
          previousSecretUntil: sql`clock_timestamp() + ${previousSecretMs} * interval '1 millisecond'`,
          keyRingId,
          secret: sealed,
        })
        .where(live(customerId, id))
        .returning({
          ...webhookColumns,
          until: sql<Date>`${webhookEndpoints.previousSecretUntil}`.mapWith(webhookEndpoints.previousSecretUntil),
        })
      const until = isoTime(sql`previous_secret_until`)
      const [[rotated]] = await batchOnce(db, customerId, once, {
        statements: [rotate],
        effect: sql`(SELECT jsonb_build_object('previous_secret_until', ${until}) FROM webhook_endpoints
          WHERE ${liveEndpoint(customerId, id)})`,
      })
      if (rotated === undefined) return undefined
      const { until: previousSecretUntil, ...webhook } = rotated
      return { webhook, previousSecretUntil }
    },

    async remove(customerId, id) {
      const [removed] = await db.batch([
        db
          .update(webhookEndpoints)
          .set({ deletedAt: sql`clock_timestamp()` })
          .where(live(customerId, id))
          .returning({ id: webhookEndpoints.id }),
        db.execute(sql`
          WITH due AS MATERIALIZED (${lockPending(customerId, id)})
          UPDATE deliveries d SET status = 'dropped', finished_at = clock_timestamp()
          FROM due WHERE d.event_id = due.event_id AND d.endpoint_id = due.endpoint_id`),
      ])
      return removed.length > 0
    },
  })
}

function live(customerId: CustomerId, id: WebhookId) {
  return and(
    eq(webhookEndpoints.id, id),
    eq(webhookEndpoints.customerId, customerId),
    isNull(webhookEndpoints.deletedAt),
  )
}

/** The endpoint of the cursor is looked up, deleted or not, because its time has more digits than a Date holds. */
function olderThan(customerId: CustomerId, id: string) {
  return sql`(${webhookEndpoints.createdAt}, ${webhookEndpoints.id}) < (
    SELECT last.created_at, last.id FROM ${webhookEndpoints} AS last
    WHERE last.id = ${id} AND last.customer_id = ${customerId})`
}
