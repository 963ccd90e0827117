import { sql } from 'drizzle-orm'
import { check, date, index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import type { CustomerId, ServerId } from '#contracts/ids.ts'
import type { LimitOverrides, Plan } from '#contracts/plans.ts'
import { moment } from './column-types.ts'
import { servers } from './servers.ts'

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
    limitOverrides: jsonb('limit_overrides').$type<LimitOverrides>().notNull().default({}),
    status: text('status').$type<'active' | 'suspended'>().notNull().default('active'),
    createdAt: moment('created_at').notNull().defaultNow(),
    deletedAt: moment('deleted_at'),
    region: text('region'),
    assignedServerId: text('assigned_server_id')
      .$type<ServerId>()
      .references(() => servers.id),
  },
  (table) => [
    check('customers_limit_overrides_check', sql`jsonb_typeof(${table.limitOverrides}) = 'object'`),
    check('customers_status_check', sql`${table.status} IN ('active', 'suspended')`),
    index('customers_created_at_idx')
      .on(table.createdAt.desc(), table.id.desc())
      .where(sql`${table.deletedAt} IS NULL`),
    index('customers_status_idx')
      .on(table.status, table.createdAt.desc(), table.id.desc())
      .where(sql`${table.deletedAt} IS NULL`),
    index('customers_plan_idx')
      .on(table.plan, table.createdAt.desc(), table.id.desc())
      .where(sql`${table.deletedAt} IS NULL`),
    index('customers_name_idx')
      .on(sql`lower(${table.name}) COLLATE "C"`, table.id)
      .where(sql`${table.deletedAt} IS NULL`),
  ],
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
    index('usage_days_day_idx').on(table.day),
    check('usage_days_within_quota', sql`${table.quota} IS NULL OR ${table.messages} <= ${table.quota}`),
  ],
)
