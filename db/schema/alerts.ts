import { sql } from 'drizzle-orm'
import { index, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import type { AlertKind } from '#contracts/alerts.ts'
import type { AdminId, AlertId, CustomerId } from '#contracts/ids.ts'
import { admins } from './admins.ts'
import { moment } from './column-types.ts'
import { customers } from './customers.ts'

const now = sql`clock_timestamp()`

/** What operators should see to. */
export const alerts = pgTable(
  'alerts',
  {
    id: text('id').$type<AlertId>().primaryKey(),
    kind: text('kind').$type<AlertKind>().notNull(),
    subject: text('subject').notNull(),
    customerId: text('customer_id')
      .$type<CustomerId>()
      .references(() => customers.id),
    details: jsonb('details').$type<Record<string, unknown>>().notNull(),
    openedAt: moment('opened_at').notNull().default(now),
    seenAt: moment('seen_at').notNull().default(now),
    acknowledgedAt: moment('acknowledged_at'),
    acknowledgedBy: text('acknowledged_by')
      .$type<AdminId>()
      .references(() => admins.id),
    resolvedAt: moment('resolved_at'),
    resolvedBy: text('resolved_by')
      .$type<AdminId>()
      .references(() => admins.id),
    openedToldAt: moment('opened_told_at'),
    resolvedToldAt: moment('resolved_told_at'),
    triedAt: moment('tried_at'),
  },
  (table) => [
    uniqueIndex('alerts_unresolved_idx')
      .on(table.kind, table.subject)
      .where(sql`${table.resolvedAt} IS NULL`),
    index('alerts_opened_at_idx').on(table.openedAt.desc(), table.id.desc()),
    index('alerts_untold_idx')
      .on(table.triedAt, table.openedAt)
      .where(
        sql`${table.openedToldAt} IS NULL OR (${table.resolvedAt} IS NOT NULL AND ${table.resolvedToldAt} IS NULL)`,
      ),
    index('alerts_resolved_at_idx')
      .on(table.resolvedAt)
      .where(sql`${table.resolvedAt} IS NOT NULL`),
  ],
)
