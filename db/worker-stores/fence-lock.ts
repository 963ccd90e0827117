import { sql, type SQL } from 'drizzle-orm'
import type { Fence } from '#core/ports/session-leases.ts'

/**
 * The CTE `fence`: one row, locked until the transaction ends, while this worker run owns the instance under this epoch;
 * else none. Whatever follows must depend on it (`EXISTS (SELECT FROM fence)`). A change of owner waits for the lock, and
 * a statement that waited for a change of owner sees its result, so no write of an older epoch is ever committed after
 * the new owner began. Never update instance_leases in the same statement: two such would deadlock.
 */
export function fenceLock(fence: Fence): SQL {
  return sql`fence AS MATERIALIZED (
    SELECT instance_id
    FROM instance_leases
    WHERE instance_id = ${fence.instanceId}
      AND epoch = ${fence.epoch}
      AND owner_incarnation = ${fence.incarnation}
    FOR SHARE
  )`
}
