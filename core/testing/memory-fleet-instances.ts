import type { EventData } from '#contracts/events.ts'
import type { FleetInstance, FleetInstances } from '#core/ports/fleet-instances.ts'
import { compare } from './compare.ts'
import type { MemoryDatabase } from './memory-database.ts'
import { toInstance } from './memory-instances.ts'
import { memoryPage } from './memory-page.ts'
import { isLive } from './memory-placement.ts'
import type { MemoryRows } from './memory-rows.ts'
import { memoryTable } from './memory-table.ts'

export function createMemoryFleetInstances(database: MemoryDatabase): FleetInstances {
  const { tables, now } = database

  function seen(row: MemoryRows['instances']): FleetInstance[] {
    const lease = tables.instanceLeases.find(({ instanceId }) => instanceId === row.id)
    const placedOn = tables.servers.find(({ id }) => id === lease?.serverId)
    const customer = tables.customers.find(({ id }) => id === row.customerId)
    if (row.deletedAt !== null || placedOn === undefined || customer === undefined) return []
    const owner = tables.servers.find(
      (server) => server.incarnation !== null && server.incarnation === lease?.ownerIncarnation,
    )
    const heldBy = owner !== undefined && isLive(database, owner) ? { id: owner.id, name: owner.name } : null
    const { id, name } = placedOn
    return [{ instance: toInstance(row, now()), customerName: customer.name, placedOn: { id, name }, heldBy }]
  }

  return {
    async listAcrossCustomers({ state, serverId, customerId, q, sort }, page) {
      const found = tables.instances
        .flatMap(seen)
        .filter(
          ({ instance, placedOn, heldBy }) =>
            (state === undefined || instance.state === state) &&
            (customerId === undefined || instance.customerId === customerId) &&
            (serverId === undefined || placedOn.id === serverId || heldBy?.id === serverId) &&
            (q === undefined ||
              instance.id === q ||
              instance.phoneNumber === q ||
              instance.name.toLowerCase().startsWith(q.toLowerCase())),
        )
      const key = ({ instance }: FleetInstance) =>
        sort.by === 'name' ? instance.name.toLowerCase() : instance.createdAt.getTime()
      const sorted = found.toSorted((a, b) => compare(key(a), key(b)) || compare(a.instance.id, b.instance.id))
      return memoryTable(sort.descending ? sorted.toReversed() : sorted, page)
    },
    async getAcrossCustomers(id) {
      return tables.instances.filter((row) => row.id === id).flatMap(seen)[0]
    },
    async stateChanges(id, query) {
      if (!tables.instances.some((row) => row.id === id && row.deletedAt === null)) return undefined
      const own = tables.events.filter((row) => row.instanceId === id && row.type === 'instance.state_changed')
      const { items, nextCursor } = memoryPage(`state-changes/${id}`, own, () => true, query)
      const told = items.map(({ id: eventId, data, occurredAt }) => {
        const { state, reason } = data as EventData<'instance.state_changed'>
        return { id: eventId, state, reason, occurredAt }
      })
      return { items: told, nextCursor }
    },
    async placements(customerId) {
      if (!tables.customers.some(({ id, deletedAt }) => id === customerId && deletedAt === null)) return undefined
      return tables.instances
        .filter((row) => row.customerId === customerId)
        .flatMap(seen)
        .map(({ instance, placedOn }) => ({ instanceId: instance.id, serverId: placedOn.id }))
    },
  }
}
