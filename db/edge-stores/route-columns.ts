import { sql } from 'drizzle-orm'
import { instanceLeases } from '#db/schema/instances.ts'
import { servers } from '#db/schema/servers.ts'

/** The worker run that owns the instance, if the server's lease is that run's and has not ended; else null. */
export const ownerNow = sql<string | null>`
  CASE WHEN ${servers.incarnation} = ${instanceLeases.ownerIncarnation}
    AND ${servers.leaseExpiresAt} > clock_timestamp()
  THEN ${instanceLeases.ownerIncarnation} END`

/** Selects a Route from `instance_leases` joined with `servers`. */
export const routeColumns = {
  instanceId: instanceLeases.instanceId,
  serverId: instanceLeases.serverId,
  url: servers.url,
  epoch: instanceLeases.epoch,
  incarnation: ownerNow,
}
