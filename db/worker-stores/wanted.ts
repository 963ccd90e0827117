import { sql, type SQL } from 'drizzle-orm'

/** Whether the instance `i` of the customer `c` should run. */
export const wanted: SQL = sql`(
  i.desired = 'running' AND i.deleted_at IS NULL AND c.status = 'active' AND c.deleted_at IS NULL
)`

/** Whether the lease `l` is owned by a worker run that still holds its server's lease. */
export const validlyOwned: SQL = sql`EXISTS (
  SELECT FROM servers owner
  WHERE owner.incarnation = l.owner_incarnation AND owner.lease_expires_at > clock_timestamp()
)`

/** Whether the instance `i` with its lease `l` runs nowhere and should not, but its state does not say so yet. */
export const unsettled: SQL = sql`(
  i.deleted_at IS NULL AND NOT ${wanted} AND NOT ${validlyOwned}
  AND i.state NOT IN ('stopped', 'logged_out', 'banned', 'failed')
)`
