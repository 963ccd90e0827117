import { sql, type SQL } from 'drizzle-orm'

/**
 * Deletes the instances `i` that match, for one transaction in this order. The epoch is raised first: sessions hold the
 * lease row FOR SHARE while they write, so the erasure waits for what is being written, and whatever comes later is fenced
 * out. Owner and row stay, so that the owning worker sees at its next look that the instance is no longer wanted.
 */
export function removalStatements(matches: SQL): { fence: SQL; remove: SQL; erase: readonly [SQL, SQL, SQL] } {
  const deleted = sql`(SELECT i.id FROM instances i WHERE ${matches} AND i.deleted_at IS NOT NULL)`
  return {
    fence: sql`
      UPDATE instance_leases l SET epoch = l.epoch + 1 FROM instances i
      WHERE l.instance_id = i.id AND ${matches} AND i.deleted_at IS NULL`,
    remove: sql`
      UPDATE instances i SET deleted_at = clock_timestamp(), desired = 'stopped'
      WHERE ${matches} AND i.deleted_at IS NULL`,
    erase: [
      sql`DELETE FROM session_keys WHERE instance_id IN ${deleted}`,
      sql`DELETE FROM session_credentials WHERE instance_id IN ${deleted}`,
      sql`UPDATE messages SET status = 'cancelled' WHERE instance_id IN ${deleted} AND status = 'queued'`,
    ],
  }
}
