import type { CustomerId } from '#contracts/ids.ts'
import type { CustomerAccount, CustomerAccounts } from '#core/ports/customer-accounts.ts'
import { compare } from './compare.ts'
import { recordAudit } from './memory-audit-log.ts'
import { liveKeysOf } from './memory-customer-keys.ts'
import { createMemoryCustomers } from './memory-customers.ts'
import type { MemoryDatabase } from './memory-database.ts'
import { createMemoryInstances, toInstance } from './memory-instances.ts'
import type { MemoryRows } from './memory-rows.ts'
import { memoryTable } from './memory-table.ts'
import { dayUtc } from './memory-usage.ts'

export function createMemoryCustomerAccounts(database: MemoryDatabase): CustomerAccounts {
  const { tables, now } = database
  const customers = createMemoryCustomers(database)
  const instances = createMemoryInstances(database)
  const find = (id: CustomerId) => tables.customers.find((row) => row.id === id && row.deletedAt === null)
  const liveInstances = (id: CustomerId) =>
    tables.instances.filter((row) => row.customerId === id && row.deletedAt === null)

  function accountOf({ id, name, plan, status, createdAt }: MemoryRows['customers']): CustomerAccount {
    const today = tables.usageDays.find((row) => row.customerId === id && row.day === dayUtc(now()))
    return {
      id,
      name,
      plan,
      status,
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

    async usage(id, days) {
      if (find(id) === undefined) return undefined
      const first = dayUtc(new Date(now().getTime() - (days - 1) * 86_400_000))
      return tables.usageDays
        .filter((row) => row.customerId === id && row.day >= first)
        .map(({ day, messages, quota }) => ({ day, messages, quota }))
        .toSorted((a, b) => compare(b.day, a.day))
    },

    async instances(id, page) {
      return find(id) === undefined ? undefined : memoryTable(newestFirst(id), page)
    },

    async update(id, { name, plan }, audit) {
      const row = find(id)
      if (row === undefined) return undefined
      Object.assign(row, { name: name ?? row.name, plan: plan ?? row.plan })
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
