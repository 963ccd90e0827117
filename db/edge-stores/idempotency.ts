import { and, eq, sql } from 'drizzle-orm'
import type { CustomerId } from '#contracts/ids.ts'
import { claimedForMs, keptForMs, type Idempotency } from '#core/ports/idempotency.ts'
import { sameBytes } from '#core/rules/same-bytes.ts'
import type { EdgeDatabase } from '#db/clients/neon-http.ts'
import { guardStore } from '#db/errors/guard-store.ts'
import { idempotentRequests } from '#db/schema/idempotent-requests.ts'

const milliseconds = (ms: number) => sql`${ms} * interval '1 millisecond'`

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
            claimed_until = excluded.claimed_until, status = NULL, body = NULL, created_at = clock_timestamp()
          WHERE r.created_at <= clock_timestamp() - ${milliseconds(keptForMs)}
            OR (r.status IS NULL AND r.claimed_until <= clock_timestamp() AND r.request_hash = excluded.request_hash)`),
        db
          .select()
          .from(idempotentRequests)
          .where(and(eq(idempotentRequests.customerId, customerId), eq(idempotentRequests.key, key))),
      ])
      if (row === undefined) return { outcome: 'running' }
      if (row.claimToken === token) return { outcome: 'begun' }
      if (!sameBytes(row.requestHash, requestHash)) return { outcome: 'mismatch' }
      if (row.status === null) return { outcome: 'running' }
      return { outcome: 'finished', answer: { status: row.status, body: row.body } }
    },

    async finish(customerId, claim, { status, body }) {
      await db.update(idempotentRequests).set({ status, body }).where(claimed(customerId, claim))
    },

    async forget(customerId, claim) {
      await db.delete(idempotentRequests).where(claimed(customerId, claim))
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
