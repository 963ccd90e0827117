import { sql } from 'drizzle-orm'
import { check, date, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import type { ApiKeyId, CustomerId, InstanceId } from '#contracts/ids.ts'
import type { Plan } from '#contracts/plans.ts'
import type { Scope } from '#contracts/scopes.ts'
import { moment } from './column-types.ts'

/** What can be bought; null is unlimited. Quotas are counted against these rows. */
export const plans = pgTable('plans', {
  name: text('name').$type<Plan>().primaryKey(),
  requestsPerMinute: integer('requests_per_minute'),
  requestsPerHour: integer('requests_per_hour'),
  requestsPerDay: integer('requests_per_day'),
  messagesPerDay: integer('messages_per_day'),
  instances: integer('instances'),
})

export const customers = pgTable(
  'customers',
  {
    id: text('id').$type<CustomerId>().primaryKey(),
    name: text('name').notNull(),
    plan: text('plan')
      .$type<Plan>()
      .notNull()
      .references(() => plans.name),
    status: text('status').$type<'active' | 'suspended'>().notNull().default('active'),
    createdAt: moment('created_at').notNull().defaultNow(),
    deletedAt: moment('deleted_at'),
  },
  (table) => [check('customers_status_check', sql`${table.status} IN ('active', 'suspended')`)],
)

/** `defaultInstanceId` refers to `instances`; drizzle is not told, because the two files would import each other. */
export const apiKeys = pgTable(
  'api_keys',
  {
    id: text('id').$type<ApiKeyId>().primaryKey(),
    customerId: text('customer_id')
      .$type<CustomerId>()
      .notNull()
      .references(() => customers.id),
    publicId: text('public_id').notNull().unique(),
    secretHash: text('secret_hash').notNull(),
    name: text('name').notNull(),
    scopes: text('scopes').array().$type<Scope[]>().notNull(),
    defaultInstanceId: text('default_instance_id').$type<InstanceId>(),
    createdAt: moment('created_at').notNull().defaultNow(),
    expiresAt: moment('expires_at'),
    revokedAt: moment('revoked_at'),
  },
  (table) => [index('api_keys_customer_id_idx').on(table.customerId)],
)

/** Accepted messages per customer and UTC day, with the quota that the CHECK holds them to. */
export const usageDays = pgTable(
  'usage_days',
  {
    customerId: text('customer_id')
      .$type<CustomerId>()
      .notNull()
      .references(() => customers.id),
    /** `YYYY-MM-DD` in UTC. */
    day: date('day', { mode: 'string' }).notNull(),
    messages: integer('messages').notNull().default(0),
    quota: integer('quota'),
  },
  (table) => [
    primaryKey({ columns: [table.customerId, table.day] }),
    check('usage_days_within_quota', sql`${table.quota} IS NULL OR ${table.messages} <= ${table.quota}`),
  ],
)
