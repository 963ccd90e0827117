import type { InstanceId, ServerId } from '#contracts/ids.ts'
import type { Move, PlacementCandidate } from '#core/ports/servers.ts'
import type { MemoryDatabase } from './memory-database.ts'
import type { MemoryRows } from './memory-rows.ts'

type Server = MemoryRows['servers']

/** Whether some worker run holds the server's lease now. */
export function isLive({ now }: MemoryDatabase, server: Server): boolean {
  return server.leaseExpiresAt !== null && server.leaseExpiresAt > now()
}

/** Whether the server takes instances now. */
export function takesInstances(database: MemoryDatabase, server: Server): boolean {
  return server.status === 'active' && server.deletedAt === null && !server.stopping && isLive(database, server)
}

/** How many instances that are not deleted are placed on the server. */
export function liveInstancesOn({ tables }: MemoryDatabase, serverId: string): number {
  const placed = new Set(tables.instanceLeases.filter((row) => row.serverId === serverId).map((row) => row.instanceId))
  return tables.instances.filter((row) => placed.has(row.id) && row.deletedAt === null).length
}

export function hasRoom(database: MemoryDatabase, serverId: ServerId | null): boolean {
  const server = database.tables.servers.find(({ id }) => id === serverId)
  if (server === undefined || !takesInstances(database, server)) return false
  return liveInstancesOn(database, server.id) < server.maxCapacity
}

/** Active servers, live or not. */
export function candidatesIn(database: MemoryDatabase): PlacementCandidate[] {
  return database.tables.servers
    .filter((row) => row.status === 'active' && row.deletedAt === null)
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .map((row) => ({
      id: row.id,
      region: row.region,
      maxCapacity: row.maxCapacity,
      health: row.health,
      instances: liveInstancesOn(database, row.id),
      live: isLive(database, row) && !row.stopping,
    }))
}

/** As `Servers.place`. */
export function placeIn(database: MemoryDatabase, moves: readonly Move[]): InstanceId[] {
  return moves.flatMap(({ instanceId, from, to }) => {
    const lease = database.tables.instanceLeases.find((row) => row.instanceId === instanceId && row.serverId === from)
    const instance = database.tables.instances.find(({ id }) => id === instanceId)
    if (lease === undefined || instance?.deletedAt !== null || from === to || !hasRoom(database, to)) return []
    lease.serverId = to
    return [instanceId]
  })
}
