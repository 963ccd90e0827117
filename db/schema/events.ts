import { sql } from 'drizzle-orm'
import { bigint, index, jsonb, pgTable, text, unique } from 'drizzle-orm/pg-core'
import type { EventType } from '#contracts/events.ts'
import type { CustomerId, EventId, InstanceId } from '#contracts/ids.ts'
import { moment, xid8 } from './column-types.ts'
import { customers } from './customers.ts'
import { instances } from './instances.ts'

/** The event log: one fact told to the customer per row. */
export const events = pgTable(
  'events',
  {
    id: text('id').$type<EventId>().primaryKey(),
    customerId: text('customer_id')
      .$type<CustomerId>()
      .notNull()
      .references(() => customers.id),
    instanceId: text('instance_id')
      .$type<InstanceId>()
      .references(() => instances.id),
    /** Counts per instance without gaps; null for events that belong to none. */
    sequence: bigint('sequence', { mode: 'number' }),
    type: text('type').$type<EventType>().notNull(),
    data: jsonb('data').$type<Record<string, unknown>>().notNull(),
    occurredAt: moment('occurred_at')
      .notNull()
      .default(sql`clock_timestamp()`),
    /** Orders the customer-wide feed. */
    xid: xid8('xid')
      .notNull()
      .default(sql`pg_current_xact_id()`),
  },
  (table) => [
    unique('events_instance_id_sequence_key').on(table.instanceId, table.sequence),
    index('events_feed_idx').on(table.customerId, table.xid, table.id),
    index('events_occurred_at_idx').on(table.customerId, table.occurredAt),
    index('events_retention_idx').on(table.occurredAt),
    index('events_state_changes_idx')
      .on(table.instanceId, table.sequence.desc())
      .where(sql`${table.type} = 'instance.state_changed'`),
  ],
)
