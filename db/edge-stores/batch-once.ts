import { sql, type SQL } from 'drizzle-orm'
import type { BatchItem, BatchResponse } from 'drizzle-orm/batch'
import type { CustomerId } from '#contracts/ids.ts'
import { ActedBefore, type Once } from '#core/ports/idempotency.ts'
import type { EdgeDatabase } from '#db/clients/neon-http.ts'
import { violatesConstraint } from '#db/errors/violates-constraint.ts'

type Statements = readonly [BatchItem<'pg'>, ...BatchItem<'pg'>[]]

/**
 * Runs the statements in one transaction, under a key once. The first statement waits for a twin that is acting, and the
 * table's CHECK refuses it with all that follows when one acted, or was answered with a refusal. The last one writes down
 * what was done: `effect` is NULL when that is nothing, and then the next one acts. Throws ActedBefore.
 */
export async function batchOnce<const T extends Statements>(
  db: EdgeDatabase,
  customerId: CustomerId,
  once: Once | undefined,
  { statements, effect }: { statements: T; effect: SQL },
): Promise<BatchResponse<T>> {
  if (once === undefined) return db.batch(statements)
  const ofKey = onceRow(customerId, once)
  const begin = db.execute(sql`
    UPDATE idempotent_requests SET times_acted = times_acted + CASE WHEN status IS NULL THEN 1 ELSE 2 END
    WHERE ${ofKey}`)
  const end = db.execute(sql`
    UPDATE idempotent_requests SET effect = ${effect}, times_acted = CASE WHEN ${effect} IS NULL THEN 0 ELSE 1 END
    WHERE ${ofKey}`)
  try {
    const results: unknown[] = await db.batch([begin, ...statements, end])
    return results.slice(1, -1) as BatchResponse<T>
  } catch (error) {
    if (violatesConstraint(error, 'idempotent_requests_act_once')) throw new ActedBefore()
    throw error
  }
}

/** The row of `idempotent_requests` that a request acts under; none without a key. */
export function onceRow(customerId: CustomerId, once: Once | undefined): SQL {
  return sql`idempotent_requests.customer_id = ${customerId} AND idempotent_requests.key = ${once?.key ?? null}::text`
}
