import type { CustomerId } from '#contracts/ids.ts'
import type { CustomerAccount, CustomerAccounts } from '#core/ports/customer-accounts.ts'
import { dayUtc } from '#core/rules/day-span.ts'
import { compare } from './compare.ts'
import { recordAudit } from './memory-audit-log.ts'
import { liveKeysOf } from './memory-customer-keys.ts'
import { createMemoryCustomers } from './memory-customers.ts'
import type { MemoryDatabase } from './memory-database.ts'
import { createMemoryInstances, toInstance } from './memory-instances.ts'
import type { MemoryRows } from './memory-rows.ts'
import { memoryTable } from './memory-table.ts'

export function createMemoryCustomerAccounts(database: MemoryDatabase): CustomerAccounts {
  const { tables, now } = database
  const customers = createMemoryCustomers(database)
  const instances = createMemoryInstances(database)
  const find = (id: CustomerId) => tables.customers.find((row) => row.id === id && row.deletedAt === null)
  const liveInstances = (id: CustomerId) =>
    tables.instances.filter((row) => row.customerId === id && row.deletedAt === null)

  function accountOf(row: MemoryRows['customers']): CustomerAccount {
    const { id, name, plan, limitOverrides, status, region, assignedServerId, createdAt } = row
    const today = tables.usageDays.find((day) => day.customerId === id && day.day === dayUtc(now()))
    return {
      id,
      name,
      plan,
      limitOverrides,
      status,
      region,
      assignedServerId,
      createdAt,
      messagesToday: today?.messages ?? 0,
      instances: liveInstances(id).length,
    }
  }

  const newestFirst = (id: CustomerId) =>
    liveInstances(id)
      .map((row) => toInstance(row, now()))
      .toReversed()

  return {
    async create(customer, key, audit) {
      await customers.create(customer, key)
      recordAudit(database, audit)
    },

    async list({ status, plan, q, sort }, page) {
      const begins = q?.toLowerCase()
      const found = tables.customers.filter(
        (row) =>
          row.deletedAt === null &&
          (status === undefined || row.status === status) &&
          (plan === undefined || row.plan === plan) &&
          (begins === undefined || row.id === q || row.name.toLowerCase().startsWith(begins)),
      )
      const key = (row: MemoryRows['customers']) => (sort.by === 'name' ? row.name.toLowerCase() : row.createdAt)
      const sorted = found.toSorted((a, b) => compare(key(a), key(b)) || compare(a.id, b.id)).map(accountOf)
      return memoryTable(sort.descending ? sorted.toReversed() : sorted, page)
    },

    async details(id) {
      const row = find(id)
      if (row === undefined) return undefined
      return {
        customer: accountOf(row),
        instances: newestFirst(id).slice(0, 100),
        apiKeys: liveKeysOf(database, id),
      }
    },

    async instances(id, page) {
      return find(id) === undefined ? undefined : memoryTable(newestFirst(id), page)
    },

    async update(id, changes, audit) {
      const row = find(id)
      if (row === undefined) return undefined
      row.name = changes.name ?? row.name
      row.plan = changes.plan ?? row.plan
      row.limitOverrides = changes.limitOverrides ?? row.limitOverrides
      if (changes.region !== undefined) row.region = changes.region
      if (changes.assignedServerId !== undefined) row.assignedServerId = changes.assignedServerId
      recordAudit(database, audit)
      return accountOf(row)
    },

    async setStatus(id, status, audit) {
      const row = find(id)
      if (row === undefined) return undefined
      if (row.status !== status) recordAudit(database, audit)
      row.status = status
      return accountOf(row)
    },

    async remove(id, audit) {
      const row = find(id)
      if (row === undefined) return false
      row.deletedAt = now()
      for (const key of tables.apiKeys) if (key.customerId === id) key.revokedAt ??= now()
      recordAudit(database, audit)
      for (const instance of liveInstances(id)) void instances.remove(id, instance.id)
      return true
    },

    async workersOf(id) {
      const own = new Set(tables.instances.filter((row) => row.customerId === id).map((row) => row.id))
      const leases = tables.instanceLeases.filter((row) => own.has(row.instanceId))
      return tables.servers.flatMap(({ id, url, incarnation, leaseExpiresAt, deletedAt }) => {
        const held = incarnation !== null && leaseExpiresAt !== null && leaseExpiresAt > now() && deletedAt === null
        const serves = leases.some((row) => row.serverId === id || row.ownerIncarnation === incarnation)
        return held && serves ? [{ id, url, incarnation }] : []
      })
    },
  }
}
