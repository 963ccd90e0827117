import { and, eq, isNull, sql } from 'drizzle-orm'
import type { Customers } from '#core/ports/customers.ts'
import type { EdgeDatabase } from '#db/clients/neon-http.ts'
import { guardStore } from '#db/errors/guard-store.ts'
import { apiKeys } from '#db/schema/api-keys.ts'
import { customers, usageDays } from '#db/schema/customers.ts'
import { instances } from '#db/schema/instances.ts'

const terms = { plan: customers.plan, limitOverrides: customers.limitOverrides }

export const placement = { region: customers.region, assignedServerId: customers.assignedServerId }

export const todayUtc = sql<string>`(clock_timestamp() AT TIME ZONE 'UTC')::date`

export function createCustomers(db: EdgeDatabase): Customers {
  return guardStore<Customers>({
    async create(customer, { keyId, ...key }) {
      await db.batch([
        db.insert(customers).values(customer),
        db.insert(apiKeys).values({ ...key, id: keyId, customerId: customer.id, scopes: [...key.scopes] }),
      ])
    },

    async get(customerId) {
      const [customer] = await db
        .select({ name: customers.name, status: customers.status, ...placement, ...terms })
        .from(customers)
        .where(and(eq(customers.id, customerId), isNull(customers.deletedAt)))
      return customer
    },

    async account(customerId, keyId) {
      const [account] = await db
        .select({
          customer: { id: customers.id, name: customers.name, ...terms },
          apiKey: {
            id: apiKeys.id,
            name: apiKeys.name,
            scopes: apiKeys.scopes,
            defaultInstanceId: apiKeys.defaultInstanceId,
          },
          messagesToday: sql<number>`coalesce(${usageDays.messages}, 0)`,
          instances: db.$count(instances, and(eq(instances.customerId, customers.id), isNull(instances.deletedAt))),
        })
        .from(customers)
        .innerJoin(apiKeys, eq(apiKeys.customerId, customers.id))
        .leftJoin(usageDays, and(eq(usageDays.customerId, customers.id), eq(usageDays.day, todayUtc)))
        .where(and(eq(customers.id, customerId), eq(apiKeys.id, keyId), isNull(customers.deletedAt)))
      return account
    },
  })
}
