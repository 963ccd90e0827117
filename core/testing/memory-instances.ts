import { ApiError } from '#contracts/errors.ts'
import type { CustomerId, InstanceId } from '#contracts/ids.ts'
import type { CreateInstanceOutcome, Instance, Instances, Route } from '#core/ports/instances.ts'
import type { MemoryDatabase } from './memory-database.ts'
import { memoryLimitsOf } from './memory-quota.ts'
import { memoryOnce } from './memory-once.ts'
import { memoryPage } from './memory-page.ts'
import type { MemoryRows } from './memory-rows.ts'
import { liveInstancesOn } from './memory-placement.ts'

export function createMemoryInstances(database: MemoryDatabase): Instances {
  const { tables, now } = database

  const liveOf = (customerId: CustomerId) =>
    tables.instances.filter((row) => row.customerId === customerId && row.deletedAt === null)
  const find = (customerId: CustomerId, id: InstanceId) => liveOf(customerId).find((row) => row.id === id)

  async function change(customerId: CustomerId, id: InstanceId, values: Partial<MemoryRows['instances']>) {
    const row = find(customerId, id)
    return row === undefined ? undefined : toInstance(Object.assign(row, values), now())
  }

  function create(
    customerId: CustomerId,
    { id, name, desired, serverId }: Parameters<Instances['create']>[1],
  ): CreateInstanceOutcome {
    const customer = tables.customers.find((row) => row.id === customerId && row.deletedAt === null)
    if (customer === undefined) throw new ApiError('INVALID_API_KEY', 'The customer of this key was deleted.')
    const limit = memoryLimitsOf(database, customer).instances
    if (limit !== null && liveOf(customerId).length >= limit) return { outcome: 'limit-reached', limit }
    const server = tables.servers.find(
      (row) => row.id === serverId && row.status === 'active' && row.deletedAt === null,
    )
    if (server === undefined || liveInstancesOn(database, serverId) >= server.maxCapacity) {
      return { outcome: 'server-full' }
    }
    const row = database.insert('instances', { id, customerId, name, desired })
    database.insert('instanceLeases', { instanceId: id, serverId })
    database.insert('instanceCounters', { instanceId: id })
    return { outcome: 'created', instance: toInstance(row, now()) }
  }

  return {
    create: async (customerId, instance, once) =>
      memoryOnce(database, customerId, once, {
        act: () => create(customerId, instance),
        effectOf: (result) => (result.outcome === 'created' ? { id: result.instance.id } : undefined),
      }),

    async get(customerId, id) {
      const row = find(customerId, id)
      return row === undefined ? undefined : toInstance(row, now())
    },

    async list(customerId, { state, ...query }) {
      const { items, nextCursor } = memoryPage(
        `instances/${customerId}`,
        tables.instances.filter((row) => row.customerId === customerId),
        (row) => row.deletedAt === null && (state === undefined || row.state === state),
        query,
      )
      return { items: items.map((row) => toInstance(row, now())), nextCursor }
    },

    update: async (customerId, id, changes) => {
      const given = Object.entries(changes).filter(([, value]) => value !== undefined)
      return change(customerId, id, Object.fromEntries(given))
    },
    setDesired: (customerId, id, desired) => change(customerId, id, { desired }),

    async remove(customerId, id) {
      const row = find(customerId, id)
      if (row === undefined) return false
      Object.assign(row, { deletedAt: now(), desired: 'stopped' })
      for (const lease of tables.instanceLeases) if (lease.instanceId === id) lease.epoch += 1
      database.remove('sessionKeys', (key) => key.instanceId === id)
      database.remove('sessionCredentials', (credentials) => credentials.instanceId === id)
      for (const message of tables.messages) {
        if (message.instanceId === id && message.status === 'queued') message.status = 'cancelled'
      }
      return true
    },

    async route(customerId, id) {
      return find(customerId, id) === undefined ? undefined : routeOf(database, id)
    },

    async defaultFor(customerId, keyId) {
      const key = tables.apiKeys.find((row) => row.id === keyId && row.customerId === customerId)
      const live = liveOf(customerId)
      const chosen = live.find((row) => row.id === key?.defaultInstanceId)
      return chosen?.id ?? (live.length === 1 ? live[0]?.id : undefined)
    },
  }
}

/** The server whose run owns the instance, with that run if its lease still holds; else the one that it is placed on. */
export function routeOf({ tables, now }: MemoryDatabase, instanceId: InstanceId): Route | undefined {
  const lease = tables.instanceLeases.find((row) => row.instanceId === instanceId)
  const placedOn = tables.servers.find((row) => row.id === lease?.serverId)
  const owns = (row: MemoryRows['servers'] | undefined) =>
    row !== undefined && row.incarnation !== null && row.incarnation === lease?.ownerIncarnation
  const server = owns(placedOn) ? placedOn : (tables.servers.find(owns) ?? placedOn)
  if (lease === undefined || server === undefined) return undefined
  const held = server.leaseExpiresAt !== null && server.leaseExpiresAt > now()
  return {
    instanceId,
    serverId: server.id,
    url: server.url,
    epoch: lease.epoch,
    incarnation: held && server.incarnation === lease.ownerIncarnation ? lease.ownerIncarnation : null,
  }
}

export function toInstance({ deletedAt: _deleted, lid: _lid, ...row }: MemoryRows['instances'], now: Date): Instance {
  const whileAhead = (moment: Date | null) => (moment !== null && moment > now ? moment : null)
  return { ...row, newChatsHeldUntil: whileAhead(row.newChatsHeldUntil), slowedUntil: whileAhead(row.slowedUntil) }
}
