import { and, eq, isNull, sql } from 'drizzle-orm'
import { ApiError } from '#contracts/errors.ts'
import type { CustomerId, InstanceId, ServerId } from '#contracts/ids.ts'
import type { DesiredStatus } from '#contracts/instance-states.ts'
import type { Once } from '#core/ports/idempotency.ts'
import type { CreateInstanceOutcome } from '#core/ports/instances.ts'
import type { EdgeDatabase } from '#db/clients/neon-http.ts'
import { customers } from '#db/schema/customers.ts'
import { instances } from '#db/schema/instances.ts'
import { batchOnce } from './batch-once.ts'
import { instanceColumns } from './instance-columns.ts'
import { limitNow } from './limit-now.ts'

interface NewInstance {
  id: InstanceId
  name: string
  desired: DesiredStatus
  serverId: ServerId
}

/**
 * One transaction: creations of one customer queue up at the customer's row and those on one server at the server's, so
 * the statements after the locks count what all earlier ones committed. The locks leave foreign-key checks free (NO KEY).
 */
export async function createInstance(
  db: EdgeDatabase,
  customerId: CustomerId,
  { id, name, desired, serverId }: NewInstance,
  once?: Once,
): Promise<CreateInstanceOutcome> {
  const liveOfCustomer = sql`(SELECT count(*) FROM instances
    WHERE customer_id = ${customerId} AND deleted_at IS NULL)`
  const liveOnServer = sql`(SELECT count(*) FROM instance_leases l JOIN instances i ON i.id = l.instance_id
    WHERE l.server_id = ${serverId} AND i.deleted_at IS NULL)`

  const limit = limitNow('instances')
  const effect = sql`(SELECT jsonb_build_object('id', id) FROM instances WHERE id = ${id})`

  const statements = [
    db.execute(sql`SELECT FROM customers WHERE id = ${customerId} FOR NO KEY UPDATE`),
    db.execute(sql`SELECT FROM servers WHERE id = ${serverId} FOR NO KEY UPDATE`),
    db.execute(sql`
      INSERT INTO instances (id, customer_id, name, desired)
      SELECT ${id}::text, ${customers.id}, ${name}::text, ${desired}::text
      FROM customers, servers s
      WHERE ${customers.id} = ${customerId} AND ${customers.deletedAt} IS NULL
        AND s.id = ${serverId} AND s.status = 'active' AND s.deleted_at IS NULL
        AND coalesce(${liveOfCustomer} < ${limit}, true)
        AND ${liveOnServer} < s.max_capacity`),
    db.execute(sql`
      INSERT INTO instance_leases (instance_id, server_id)
      SELECT id, ${serverId}::text FROM instances WHERE id = ${id}`),
    db.execute(sql`INSERT INTO instance_counters (instance_id) SELECT id FROM instances WHERE id = ${id}`),
    db.select(instanceColumns).from(instances).where(eq(instances.id, id)),
    db
      .select({ limit, used: sql<number>`${liveOfCustomer}`.mapWith(Number) })
      .from(customers)
      .where(and(eq(customers.id, customerId), isNull(customers.deletedAt))),
  ] as const
  const [, , , , , found, [customer]] = await batchOnce(db, customerId, once, { statements, effect })
  const [instance] = found
  if (instance !== undefined) return { outcome: 'created', instance }
  if (customer === undefined) throw new ApiError('INVALID_API_KEY', 'The customer of this key was deleted.')
  const { limit: allowed, used } = customer
  return allowed !== null && used >= allowed ? { outcome: 'limit-reached', limit: allowed } : { outcome: 'server-full' }
}
