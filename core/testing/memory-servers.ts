import type { Servers } from '#core/ports/servers.ts'
import type { ServerId } from '#contracts/ids.ts'
import type { MemoryDatabase } from './memory-database.ts'

export function createMemoryServers(database: MemoryDatabase): Servers {
  const { tables, now } = database
  return {
    async placementCandidates() {
      return tables.servers
        .filter((row) => row.status === 'active' && row.deletedAt === null)
        .toSorted((a, b) => (a.id < b.id ? -1 : 1))
        .map(({ id, region, maxCapacity, leaseExpiresAt }) => ({
          id,
          region,
          maxCapacity,
          instances: liveInstancesOn(database, id),
          live: leaseExpiresAt !== null && leaseExpiresAt > now(),
        }))
    },
  }
}

/** How many instances that are not deleted are placed on the server. */
export function liveInstancesOn({ tables }: MemoryDatabase, serverId: ServerId): number {
  const placed = new Set(tables.instanceLeases.filter((row) => row.serverId === serverId).map((row) => row.instanceId))
  return tables.instances.filter((row) => placed.has(row.id) && row.deletedAt === null).length
}
