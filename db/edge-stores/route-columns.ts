import { sql } from 'drizzle-orm'
import { instanceLeases } from '#db/schema/instances.ts'
import { servers } from '#db/schema/servers.ts'

/** The worker run that owns the instance, if the server's lease is that run's and has not ended; else null. */
export const ownerNow = sql<string | null>`
  CASE WHEN ${servers.incarnation} = ${instanceLeases.ownerIncarnation}
    AND ${servers.leaseExpiresAt} > clock_timestamp()
  THEN ${instanceLeases.ownerIncarnation} END`

/**
 * The server that commands go to: while an instance waits to be handed over, its owner's and not the one that it is placed
 * on. Join `servers` on it.
 */
export const routedServer = sql<string>`coalesce(
  (SELECT owner.id FROM servers owner WHERE owner.incarnation = ${instanceLeases.ownerIncarnation}
    ORDER BY owner.id = ${instanceLeases.serverId} DESC LIMIT 1),
  ${instanceLeases.serverId})`

/** Selects a Route from `instance_leases` joined with `servers` on `routedServer`. */
export const routeColumns = {
  instanceId: instanceLeases.instanceId,
  serverId: servers.id,
  url: servers.url,
  epoch: instanceLeases.epoch,
  incarnation: ownerNow,
}
