import type { ServerLeases } from '#core/ports/servers.ts'
import type { MemoryDatabase } from './memory-database.ts'
import { isLive } from './memory-placement.ts'
import type { MemoryRows } from './memory-rows.ts'

export function createMemoryServerLeases(database: MemoryDatabase): ServerLeases {
  const { tables, now } = database
  const find = (serverId: string) => tables.servers.find((row) => row.id === serverId && row.deletedAt === null)

  function extend(server: MemoryRows['servers'], ttlMs: number) {
    const databaseTime = now()
    server.leaseExpiresAt = new Date(databaseTime.getTime() + ttlMs)
    return { databaseTime }
  }

  return {
    async claim(serverId, incarnation, ttlMs) {
      const server = find(serverId)
      // Its own lease again is a repeated request; its own lease that ran out is lost for good.
      if (server === undefined || isLive(database, server) !== (server.incarnation === incarnation)) return undefined
      Object.assign(server, { incarnation, stopping: false })
      return extend(server, ttlMs)
    },

    async renew(serverId, incarnation, ttlMs, health = 'healthy') {
      const server = find(serverId)
      if (server === undefined || server.incarnation !== incarnation || !isLive(database, server)) return undefined
      server.health = health
      return extend(server, ttlMs)
    },

    async release(serverId, incarnation) {
      const server = find(serverId)
      if (server?.incarnation !== incarnation) return
      const over = server.leaseExpiresAt !== null && server.leaseExpiresAt < now()
      Object.assign(server, { incarnation: null, leaseExpiresAt: over ? server.leaseExpiresAt : now() })
    },

    async register({ id, ...figures }) {
      const known = tables.servers.find((row) => row.id === id)
      if (known === undefined) database.insert('servers', { id, ...figures, status: 'active' })
      else Object.assign(known, figures)
    },
  }
}
