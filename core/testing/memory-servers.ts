import type { Servers } from '#core/ports/servers.ts'
import type { MemoryDatabase } from './memory-database.ts'
import { candidatesIn, isLive, placeIn, takesInstances } from './memory-placement.ts'
import type { MemoryRows } from './memory-rows.ts'
import { isWanted } from './memory-session-leases.ts'

export function createMemoryServers(database: MemoryDatabase): Servers {
  const { tables } = database

  function leases() {
    const instances = new Map(
      tables.instances.flatMap((row) => (row.deletedAt === null ? [[row.id, row] as const] : [])),
    )
    return tables.instanceLeases.flatMap((lease) => {
      const instance = instances.get(lease.instanceId)
      return instance === undefined ? [] : [{ lease, instance, wanted: isWanted(database, instance) }]
    })
  }

  function overviewOf(server: MemoryRows['servers'], all: ReturnType<typeof leases>) {
    const { id, name, url, region, status, health, maxCapacity, stopping } = server
    const incarnation = isLive(database, server) ? server.incarnation : null
    const owned = all.filter(({ lease }) => incarnation !== null && lease.ownerIncarnation === incarnation)
    const placed = all.filter(({ lease }) => lease.serverId === id)
    return {
      id,
      name,
      url,
      region,
      status,
      health,
      maxCapacity,
      incarnation,
      stopping,
      placed: placed.length,
      wanted: placed.filter(({ wanted }) => wanted).length,
      owned: owned.length,
      leaving: owned.filter(({ lease }) => lease.serverId !== id).length,
      arriving: placed.filter(
        ({ lease, wanted }) => wanted && (incarnation === null || lease.ownerIncarnation !== incarnation),
      ).length,
      connected: placed.filter(({ instance }) => instance.state === 'connected').length,
    }
  }

  return {
    async addresses() {
      return tables.servers
        .filter(({ deletedAt }) => deletedAt === null)
        .map((row) => ({ id: row.id, url: row.url, incarnation: isLive(database, row) ? row.incarnation : null }))
    },
    placementCandidates: async () => candidatesIn(database),
    async overview() {
      const all = leases()
      return tables.servers
        .filter(({ deletedAt }) => deletedAt === null)
        .toSorted((a, b) => (a.id < b.id ? -1 : 1))
        .map((server) => overviewOf(server, all))
    },
    async setStatus(id, from, to) {
      const server = tables.servers.find((row) => row.id === id && row.deletedAt === null)
      if (server === undefined || !from.includes(server.status)) return false
      server.status = to
      return true
    },
    async placedInstances() {
      const takers = new Set(tables.servers.filter((row) => takesInstances(database, row)).map(({ id }) => id))
      return leases()
        .filter(({ lease }) => takers.has(lease.serverId))
        .map(({ lease, instance }) => ({
          instanceId: instance.id,
          serverId: lease.serverId,
          idle: instance.state !== 'connected',
          lastMessage: Math.max(
            0,
            ...tables.messages.filter(({ instanceId }) => instanceId === instance.id).map(({ seq }) => seq),
          ),
        }))
        .toSorted((a, b) => (a.instanceId < b.instanceId ? -1 : 1))
    },
    async placementOf(instanceId) {
      return tables.instanceLeases.find((row) => row.instanceId === instanceId)?.serverId
    },
    place: async (moves) => placeIn(database, moves),
  }
}
