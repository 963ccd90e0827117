import { sql, type SQL } from 'drizzle-orm'

/** Whether the server `s` takes instances now. */
export const takesInstances: SQL = sql`(
  s.status = 'active' AND s.deleted_at IS NULL AND NOT s.stopping
  AND coalesce(s.lease_expires_at > clock_timestamp(), false)
)`

/** Whether the lease of the server `s` has been over for a second; the second is for a run that is just being replaced. */
export const leaseIsOver: SQL = sql`(
  coalesce(s.lease_expires_at < clock_timestamp() - interval '1 second', true)
)`

/** Whether the lease of the server `s` ends within 2 s or ended within 5: a run that lives has more than 7 s left. */
export const leaseIsExpiring: SQL = sql`(
  s.lease_expires_at BETWEEN clock_timestamp() - interval '5 seconds' AND clock_timestamp() + interval '2 seconds'
)`

/** Instances that are placed on the server `s` and not deleted. */
export const placedCount: SQL = sql`(
  SELECT count(*)::int FROM instance_leases placed JOIN instances p ON p.id = placed.instance_id
  WHERE placed.server_id = s.id AND p.deleted_at IS NULL
)`
