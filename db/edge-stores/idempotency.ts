import { and, eq, sql, type SQL } from 'drizzle-orm'
import type { CustomerId } from '#contracts/ids.ts'
import { claimedForMs, keptForMs, type Idempotency } from '#core/ports/idempotency.ts'
import { sameBytes } from '#core/rules/same-bytes.ts'
import type { EdgeDatabase } from '#db/clients/neon-http.ts'
import { guardStore } from '#db/errors/guard-store.ts'
import { idempotentRequests } from '#db/schema/idempotent-requests.ts'

const milliseconds = (ms: number) => sql`${ms} * interval '1 millisecond'`
/** The key, of the row `r`, is free for another request. */
const isOld: SQL = sql`r.created_at <= clock_timestamp() - ${milliseconds(keptForMs)}`

export function createIdempotency(db: EdgeDatabase): Idempotency {
  return guardStore<Idempotency>({
    /** One transaction. The insert waits for a running one with the same key, so one of two takes the row. */
    async begin(customerId, { key, requestHash, token }) {
      const hash = sql`${sql.param(requestHash, idempotentRequests.requestHash)}::bytea`
      const [, [row]] = await db.batch([
        db.execute(sql`
          INSERT INTO idempotent_requests AS r (customer_id, key, request_hash, claim_token, claimed_until)
          VALUES (${customerId}, ${key}, ${hash}, ${token}, clock_timestamp() + ${milliseconds(claimedForMs)})
          ON CONFLICT (customer_id, key) DO UPDATE
          SET request_hash = excluded.request_hash, claim_token = excluded.claim_token,
            claimed_until = excluded.claimed_until, status = NULL, body = NULL,
            times_acted = CASE WHEN ${isOld} THEN 0 ELSE r.times_acted END,
            effect = CASE WHEN ${isOld} THEN NULL ELSE r.effect END,
            created_at = CASE WHEN ${isOld} THEN clock_timestamp() ELSE r.created_at END
          WHERE ${isOld} OR (r.status IS NULL AND r.request_hash = excluded.request_hash
            AND (r.claimed_until <= clock_timestamp() OR r.times_acted > 0))`),
        db
          .select()
          .from(idempotentRequests)
          .where(and(eq(idempotentRequests.customerId, customerId), eq(idempotentRequests.key, key))),
      ])
      if (row === undefined) return { outcome: 'running' }
      if (row.claimToken === token) {
        return row.effect === null ? { outcome: 'begun' } : { outcome: 'acted', effect: row.effect }
      }
      if (!sameBytes(row.requestHash, requestHash)) return { outcome: 'mismatch' }
      if (row.status === null) return { outcome: 'running' }
      return { outcome: 'finished', answer: { status: row.status, body: row.body } }
    },

    async finish(customerId, claim, { status, body }) {
      const isRefusal = status >= 400
      await db
        .update(idempotentRequests)
        .set({ status, body })
        .where(and(claimed(customerId, claim), isRefusal ? eq(idempotentRequests.timesActed, 0) : undefined))
    },

    async release(customerId, claim) {
      await db
        .update(idempotentRequests)
        .set({ claimedUntil: sql`clock_timestamp()` })
        .where(claimed(customerId, claim))
    },

    async purgeAcrossCustomers(limit) {
      const purged = await db.execute(sql`
        DELETE FROM idempotent_requests WHERE (customer_id, key) IN (
          SELECT customer_id, key FROM idempotent_requests
          WHERE created_at <= clock_timestamp() - ${milliseconds(keptForMs)}
          ORDER BY created_at
          LIMIT ${limit}
          FOR UPDATE SKIP LOCKED)`)
      return purged.rowCount ?? 0
    },
  })
}

function claimed(customerId: CustomerId, { key, token }: { key: string; token: string }) {
  return and(
    eq(idempotentRequests.customerId, customerId),
    eq(idempotentRequests.key, key),
    eq(idempotentRequests.claimToken, token),
  )
}
