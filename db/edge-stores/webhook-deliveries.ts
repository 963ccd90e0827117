import { sql, type SQL } from 'drizzle-orm'
import { maxShownAttempts, type Delivery, type WebhookDeliveries } from '#core/ports/webhook-deliveries.ts'
import { pageOf, readCursor } from '#core/rules/cursor.ts'
import type { EdgeDatabase } from '#db/clients/neon-http.ts'
import { guardStore } from '#db/errors/guard-store.ts'
import { isoTime, liveEndpoint } from './delivery-sql.ts'
import { replayDeliveries } from './replay-deliveries.ts'

type DeliveryRow = Pick<Delivery, 'eventId' | 'eventType' | 'status' | 'attemptCount'> & {
  occurredAt: string
  nextAttemptAt: string
  finishedAt: string | null
  attempts: (Omit<Delivery['attempts'][number], 'attemptedAt'> & { attemptedAt: string })[]
}

export function createWebhookDeliveries(db: EdgeDatabase): WebhookDeliveries {
  return guardStore<WebhookDeliveries>({
    replay: (customerId, id, choice, once) => replayDeliveries(db, customerId, id, choice, once),

    async list(customerId, id, { limit, cursor, status, eventType }) {
      const list = `deliveries/${id}`
      const after = cursor === undefined ? undefined : readCursor(list, cursor)
      const [endpoints, { rows }] = await db.batch([
        db.execute(sql`SELECT FROM webhook_endpoints WHERE ${liveEndpoint(customerId, id)}`),
        db.execute<DeliveryRow>(sql`
          SELECT d.event_id AS "eventId", e.type AS "eventType", ${isoTime(sql`e.occurred_at`)} AS "occurredAt",
            d.status, d.attempts AS "attemptCount", ${isoTime(sql`d.next_attempt_at`)} AS "nextAttemptAt",
            ${isoTime(sql`d.finished_at`)} AS "finishedAt", ${attemptsOf(sql`d`)} AS attempts
          FROM deliveries d
          JOIN events e ON e.id = d.event_id
          WHERE d.endpoint_id = ${id} AND d.customer_id = ${customerId}
            ${status === undefined ? sql`` : sql`AND d.status = ${status}`}
            ${eventType === undefined ? sql`` : sql`AND e.type = ${eventType}`}
            ${
              after === undefined
                ? sql``
                : sql`AND d.seq < (SELECT seq FROM deliveries WHERE event_id = ${after} AND endpoint_id = ${id})`
            }
          ORDER BY d.seq DESC
          LIMIT ${limit + 1}`),
      ])
      if (endpoints.rows.length === 0) return undefined
      const page = pageOf(
        list,
        limit,
        rows.map((row) => ({ id: row.eventId, delivery: deliveryOf(row) })),
      )
      return { ...page, items: page.items.map(({ delivery }) => delivery) }
    },
  })
}

function attemptsOf(delivery: SQL): SQL {
  return sql`coalesce((
    SELECT jsonb_agg(shown ORDER BY shown.attempt) FROM (
      SELECT a.attempt, ${isoTime(sql`a.attempted_at`)} AS "attemptedAt", a.duration_ms AS "durationMs", a.status,
        a.error, a.response
      FROM delivery_attempts a
      WHERE a.event_id = ${delivery}.event_id AND a.endpoint_id = ${delivery}.endpoint_id
      ORDER BY a.attempt DESC
      LIMIT ${maxShownAttempts}
    ) shown), '[]')`
}

function deliveryOf({ occurredAt, nextAttemptAt, finishedAt, attempts, ...row }: DeliveryRow): Delivery {
  return {
    ...row,
    occurredAt: new Date(occurredAt),
    nextAttemptAt: new Date(nextAttemptAt),
    finishedAt: finishedAt === null ? null : new Date(finishedAt),
    attempts: attempts.map((attempt) => ({ ...attempt, attemptedAt: new Date(attempt.attemptedAt) })),
  }
}
