import { and, count, eq, isNull, sql } from 'drizzle-orm'
import type { Servers } from '#core/ports/servers.ts'
import type { EdgeDatabase } from '#db/clients/neon-http.ts'
import { guardStore } from '#db/errors/guard-store.ts'
import { instanceLeases, instances } from '#db/schema/instances.ts'
import { servers } from '#db/schema/servers.ts'

export function createServers(db: EdgeDatabase): Servers {
  return guardStore<Servers>({
    async placementCandidates() {
      return db
        .select({
          id: servers.id,
          region: servers.region,
          maxCapacity: servers.maxCapacity,
          instances: count(instances.id),
          live: sql<boolean>`coalesce(${servers.leaseExpiresAt} > clock_timestamp(), false)`,
        })
        .from(servers)
        .leftJoin(instanceLeases, eq(instanceLeases.serverId, servers.id))
        .leftJoin(instances, and(eq(instances.id, instanceLeases.instanceId), isNull(instances.deletedAt)))
        .where(and(eq(servers.status, 'active'), isNull(servers.deletedAt)))
        .groupBy(servers.id)
        .orderBy(servers.id)
    },
  })
}
