import { sql } from 'drizzle-orm'
import type { CustomerId, InstanceId } from '#contracts/ids.ts'
import type { EdgeDatabase } from '#db/clients/neon-http.ts'

/**
 * One transaction. It locks the lease row first: sessions hold it FOR SHARE while they write, so the erasure sees all that
 * they wrote, and those that write later find the instance deleted. The lease row stays, so that the owning worker
 * notices and gives it back.
 */
export async function removeInstance(db: EdgeDatabase, customerId: CustomerId, id: InstanceId): Promise<boolean> {
  const deleted = sql`EXISTS (
    SELECT FROM instances WHERE id = ${id} AND customer_id = ${customerId} AND deleted_at IS NOT NULL)`
  const [, removed] = await db.batch([
    db.execute(sql`
      SELECT FROM instance_leases l JOIN instances i ON i.id = l.instance_id
      WHERE i.id = ${id} AND i.customer_id = ${customerId} AND i.deleted_at IS NULL
      FOR UPDATE OF l`),
    db.execute(sql`
      UPDATE instances SET deleted_at = clock_timestamp(), desired = 'stopped'
      WHERE id = ${id} AND customer_id = ${customerId} AND deleted_at IS NULL`),
    db.execute(sql`DELETE FROM session_keys WHERE instance_id = ${id} AND ${deleted}`),
    db.execute(sql`DELETE FROM session_credentials WHERE instance_id = ${id} AND ${deleted}`),
    db.execute(sql`
      UPDATE messages SET status = 'cancelled' WHERE instance_id = ${id} AND status = 'queued' AND ${deleted}`),
  ])
  return removed.rowCount === 1
}
