import { sql } from 'drizzle-orm'
import type { CustomerId, InstanceId } from '#contracts/ids.ts'
import type { EdgeDatabase } from '#db/clients/neon-http.ts'
import { removalStatements } from './removal-sql.ts'

/** One transaction. False when the customer has no such instance. */
export async function removeInstance(db: EdgeDatabase, customerId: CustomerId, id: InstanceId): Promise<boolean> {
  const { fence, remove, erase } = removalStatements(sql`i.id = ${id} AND i.customer_id = ${customerId}`)
  const [, removed] = await db.batch([
    db.execute(fence),
    db.execute(remove),
    db.execute(erase[0]),
    db.execute(erase[1]),
    db.execute(erase[2]),
  ])
  return removed.rowCount === 1
}
