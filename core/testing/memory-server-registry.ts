import type { ServerId } from '#contracts/ids.ts'
import type { NewEnrollment, ServerRegistry } from '#core/ports/server-registry.ts'
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

  function setToken(serverId: ServerId, { tokenHash, ttlMs }: NewEnrollment): Date {
    const expiresAt = new Date(now().getTime() + ttlMs)
    database.remove('serverEnrollments', (row) => row.serverId === serverId)
    database.insert('serverEnrollments', { serverId, tokenHash, expiresAt })
    return expiresAt
  }

  return {
    async create(server, enrollment, audit) {
      if (isTaken(server.name, server.id)) return undefined
      database.insert('servers', server)
      recordAudit(database, audit)
      return setToken(server.id, enrollment)
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
    async replaceEnrollment(id, enrollment, audit) {
      if (find(id) === undefined) return undefined
      recordAudit(database, audit)
      return setToken(id, enrollment)
    },
    async enroll(tokenHash, { publicKey, version, cpuCores, ramGb }, audit) {
      const token = tables.serverEnrollments.find((row) => row.tokenHash === tokenHash)
      const server = token && find(token.serverId)
      if (token === undefined || server === undefined) return 'unknown'
      if (token.usedAt !== null) return 'used'
      if (token.expiresAt <= now()) return 'expired'
      token.usedAt = now()
      Object.assign(server, {
        publicKey,
        workerVersion: version,
        enrolledAt: now(),
        cpuCores: server.cpuCores ?? cpuCores,
        ramGb: server.ramGb ?? ramGb,
        status: server.status === 'provisioning' ? 'active' : server.status,
      })
      recordAudit(database, { ...audit, target: server.id })
      return { serverId: server.id, name: server.name, url: server.url }
    },
  }
}
