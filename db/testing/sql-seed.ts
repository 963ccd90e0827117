import { and, eq, getTableColumns, type SQL } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import type pg from 'pg'
import type { MemoryRows, TableName } from '#core/testing/memory-rows.ts'
import type { Seed } from '#core/testing/seed.ts'
import { adminSessions, admins, auditLogs } from '#db/schema/admins.ts'
import { alerts } from '#db/schema/alerts.ts'
import { apiKeys } from '#db/schema/api-keys.ts'
import { contactNumbers, undecryptableMessages } from '#db/schema/contacts.ts'
import { customers, plans, usageDays } from '#db/schema/customers.ts'
import { events } from '#db/schema/events.ts'
import { idempotentRequests } from '#db/schema/idempotent-requests.ts'
import { instanceCounters, instanceLeases, instances } from '#db/schema/instances.ts'
import { messages } from '#db/schema/messages.ts'
import { minuteStats } from '#db/schema/minute-stats.ts'
import { serverHours, serverMinutes } from '#db/schema/server-metrics.ts'
import { serverChecks, serverEnrollments, servers } from '#db/schema/servers.ts'
import { inboundJournal, sessionCredentials, sessionKeys } from '#db/schema/sessions.ts'
import { messageDays, requestDays } from '#db/schema/usage.ts'
import { deliveries, deliveryAttempts, webhookEndpoints } from '#db/schema/webhooks.ts'

/** Every table of the schema under the name that `MemoryRows` gives it. */
export const allTables = {
  plans,
  customers,
  apiKeys,
  usageDays,
  requestDays,
  messageDays,
  servers,
  serverChecks,
  serverMinutes,
  serverHours,
  serverEnrollments,
  instances,
  instanceLeases,
  instanceCounters,
  sessionCredentials,
  sessionKeys,
  inboundJournal,
  contactNumbers,
  undecryptableMessages,
  messages,
  events,
  webhookEndpoints,
  deliveries,
  deliveryAttempts,
  idempotentRequests,
  admins,
  adminSessions,
  auditLogs,
  alerts,
  minuteStats,
} as const satisfies Record<TableName, PgTable>

/** The seed of a real database. The caller ends the pool. */
export function createSqlSeed(pool: pg.Pool): Seed {
  const db = drizzle(pool)
  const condition = (table: PgTable, where: object): SQL | undefined => {
    const columns: Record<string, PgColumn> = getTableColumns(table)
    return and(...Object.entries(where).flatMap(([name, value]) => (columns[name] ? [eq(columns[name], value)] : [])))
  }
  return {
    async insert<T extends TableName>(name: T, values: object) {
      const [row] = await db
        .insert(allTables[name] as PgTable)
        .values(values)
        .returning()
      return row as unknown as MemoryRows[T]
    },
    async rows<T extends TableName>(name: T, where: object = {}) {
      const table: PgTable = allTables[name]
      return (await db.select().from(table).where(condition(table, where))) as unknown as MemoryRows[T][]
    },
    async update(name, where, values) {
      const table: PgTable = allTables[name]
      await db.update(table).set(values).where(condition(table, where))
    },
  }
}
