import type { ServerId } from '#contracts/ids.ts'
import type { ServerOverview, Servers } from '#core/ports/servers.ts'
import { enrollmentExpired } from '#core/rules/enrollment.ts'
import { compare } from './compare.ts'
import { recordAudit } from './memory-audit-log.ts'
import type { MemoryDatabase } from './memory-database.ts'
import { candidatesIn, isLive, placeIn, takesInstances } from './memory-placement.ts'
import type { MemoryRows } from './memory-rows.ts'
import { checkOf } from './memory-server-checks.ts'
import { memoryTable } from './memory-table.ts'
import { isWanted } from './memory-session-leases.ts'

export function createMemoryServers(database: MemoryDatabase): Servers {
  const { tables, now } = database
  const find = (id: ServerId) => tables.servers.find((row) => row.id === id && row.deletedAt === null)

  function leases() {
    const instances = new Map(
      tables.instances.flatMap((row) => (row.deletedAt === null ? [[row.id, row] as const] : [])),
    )
    return tables.instanceLeases.flatMap((lease) => {
      const instance = instances.get(lease.instanceId)
      return instance === undefined ? [] : [{ lease, instance, wanted: isWanted(database, instance) }]
    })
  }

  function waitsInVain({ id, status }: MemoryRows['servers']): boolean {
    const token = tables.serverEnrollments.find(({ serverId }) => serverId === id)
    return status === 'provisioning' && token?.usedAt === null && token.expiresAt <= now()
  }

  function overviewOf(server: MemoryRows['servers'], all: ReturnType<typeof leases>) {
    const { id, name, url, region, status, statusReason, health, maxCapacity, stopping, createdAt } = server
    const { ipAddress, provider, cpuCores, ramGb, costPerMonth, workerVersion, enrolledAt } = server
    const { drainStartedAt: startedAt, drainInstances } = server
    const incarnation = isLive(database, server) ? server.incarnation : null
    const owned = all.filter(({ lease }) => incarnation !== null && lease.ownerIncarnation === incarnation)
    const placed = all.filter(({ lease }) => lease.serverId === id)
    return {
      id,
      name,
      url,
      region,
      ipAddress,
      provider,
      cpuCores,
      ramGb,
      costPerMonth,
      status,
      statusReason: statusReason ?? (waitsInVain(server) ? enrollmentExpired : null),
      workerVersion,
      enrolledAt,
      health,
      edgeCheck: checkOf(database, id),
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
      drain: startedAt === null ? null : { startedAt, instances: drainInstances ?? 0 },
      createdAt,
    }
  }

  return {
    async addresses() {
      return tables.servers
        .filter(({ deletedAt }) => deletedAt === null)
        .map((row) => ({ id: row.id, url: row.url, incarnation: isLive(database, row) ? row.incarnation : null }))
    },
    placementCandidates: async () => candidatesIn(database),
    async list({ status, region, q, sort }, page) {
      const all = leases()
      const begins = q?.toLowerCase()
      const found = tables.servers
        .filter(
          (row) =>
            row.deletedAt === null &&
            (status === undefined || row.status === status) &&
            (region === undefined || row.region === region) &&
            (begins === undefined || row.id === q || row.name.toLowerCase().startsWith(begins)),
        )
        .map((row) => overviewOf(row, all))
      const keys = {
        createdAt: (row: ServerOverview) => row.createdAt.getTime(),
        name: (row: ServerOverview) => row.name.toLowerCase(),
        utilisation: (row: ServerOverview) => row.placed / row.maxCapacity,
      }
      const sorted = found.toSorted((a, b) => compare(keys[sort.by](a), keys[sort.by](b)) || compare(a.id, b.id))
      return memoryTable(sort.descending ? sorted.toReversed() : sorted, page)
    },
    async get(id) {
      const server = find(id)
      return server === undefined ? undefined : overviewOf(server, leases())
    },
    async setStatus(id, { to, from, reason }, audit) {
      const server = find(id)
      if (server === undefined || !from.includes(server.status)) return server?.status
      const { placed, leaving } = overviewOf(server, leases())
      const drains = to === 'draining'
      server.status = to
      server.statusReason = reason
      server.drainStartedAt = drains ? now() : null
      server.drainInstances = drains ? placed + leaving : null
      recordAudit(database, audit)
      return to
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
      return leases().find(({ lease }) => lease.instanceId === instanceId)?.lease.serverId
    },
    async place(moves, audit) {
      const placed = placeIn(database, moves)
      if (placed.length > 0) recordAudit(database, audit)
      return placed
    },
  }
}
