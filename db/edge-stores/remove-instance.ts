import { sql } from 'drizzle-orm'
import type { CustomerId, InstanceId } from '#contracts/ids.ts'
import type { EdgeDatabase } from '#db/clients/neon-http.ts'

/**
 * One transaction. The epoch is raised first: sessions hold the lease row FOR SHARE while they write, so the erasure waits
 * for what is being written, and whatever comes later is fenced out. Owner and row stay, so that the owning worker sees
 * at its next look that the instance is no longer wanted.
 */
export async function removeInstance(db: EdgeDatabase, customerId: CustomerId, id: InstanceId): Promise<boolean> {
  const deleted = sql`EXISTS (
    SELECT FROM instances WHERE id = ${id} AND customer_id = ${customerId} AND deleted_at IS NOT NULL)`
  const [, removed] = await db.batch([
    db.execute(sql`
      UPDATE instance_leases l SET epoch = l.epoch + 1 FROM instances i
      WHERE l.instance_id = i.id AND i.id = ${id} AND i.customer_id = ${customerId} AND i.deleted_at IS NULL`),
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
