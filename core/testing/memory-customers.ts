import type { Customers } from '#core/ports/customers.ts'
import type { MemoryDatabase } from './memory-database.ts'
import { dayUtc } from '#core/rules/day-span.ts'

export function createMemoryCustomers(database: MemoryDatabase): Customers {
  const { tables, now } = database
  return {
    async create(customer, { keyId, ...key }) {
      if (tables.apiKeys.some((row) => row.publicId === key.publicId)) throw new Error('The public id is taken.')
      database.insert('customers', customer)
      database.insert('apiKeys', { ...key, id: keyId, customerId: customer.id, scopes: [...key.scopes] })
    },

    async get(customerId) {
      const customer = tables.customers.find((row) => row.id === customerId && row.deletedAt === null)
      if (customer === undefined) return undefined
      const { name, plan, limitOverrides, status, region, assignedServerId } = customer
      return { name, plan, limitOverrides, status, region, assignedServerId }
    },

    async account(customerId, keyId) {
      const customer = tables.customers.find((row) => row.id === customerId && row.deletedAt === null)
      const key = tables.apiKeys.find((row) => row.id === keyId && row.customerId === customerId)
      if (customer === undefined || key === undefined) return undefined
      const today = tables.usageDays.find((row) => row.customerId === customerId && row.day === dayUtc(now()))
      return {
        customer: {
          id: customer.id,
          name: customer.name,
          plan: customer.plan,
          limitOverrides: customer.limitOverrides,
        },
        apiKey: { id: key.id, name: key.name, scopes: [...key.scopes], defaultInstanceId: key.defaultInstanceId },
        messagesToday: today?.messages ?? 0,
        instances: tables.instances.filter((row) => row.customerId === customerId && row.deletedAt === null).length,
      }
    },
  }
}
