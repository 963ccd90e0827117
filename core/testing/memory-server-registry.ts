import type { ServerId } from '#contracts/ids.ts'
import type { ServerRegistry } from '#core/ports/server-registry.ts'
import { recordAudit } from './memory-audit-log.ts'
import type { MemoryDatabase } from './memory-database.ts'
import { isLive } from './memory-placement.ts'
import type { MemoryRows } from './memory-rows.ts'

export function createMemoryServerRegistry(database: MemoryDatabase): ServerRegistry {
  const { tables, now } = database
  const find = (id: ServerId) => tables.servers.find((row) => row.id === id && row.deletedAt === null)
  const isTaken = (name: string, id: ServerId) =>
    tables.servers.some(
      (row) => row.id !== id && row.deletedAt === null && row.name.toLowerCase() === name.toLowerCase(),
    )

  function holdsInstances(server: MemoryRows['servers']): boolean {
    const run = isLive(database, server) ? server.incarnation : null
    return tables.instanceLeases.some(
      ({ instanceId, serverId, ownerIncarnation }) =>
        (serverId === server.id || (run !== null && ownerIncarnation === run)) &&
        tables.instances.some(({ id, deletedAt }) => id === instanceId && deletedAt === null),
    )
  }

  return {
    async create(server, audit) {
      if (isTaken(server.name, server.id)) return false
      database.insert('servers', server)
      recordAudit(database, audit)
      return true
    },
    async update(id, changes, audit) {
      const server = find(id)
      if (server === undefined) return 'unknown'
      if (changes.name !== undefined && isTaken(changes.name, id)) return 'name-taken'
      Object.assign(server, changes)
      recordAudit(database, audit)
      return 'updated'
    },
    async remove(id, audit) {
      const server = find(id)
      if (server === undefined) return 'unknown'
      if (holdsInstances(server)) return 'holds-instances'
      server.deletedAt = now()
      recordAudit(database, audit)
      return 'removed'
    },
  }
}
