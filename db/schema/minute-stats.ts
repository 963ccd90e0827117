import { integer, pgTable } from 'drizzle-orm/pg-core'
import { moment } from './column-types.ts'

/** What the whole service sent and received per minute. */
export const minuteStats = pgTable('minute_stats', {
  minute: moment('minute').primaryKey(),
  sent: integer('sent').notNull(),
  received: integer('received').notNull(),
  failed: integer('failed').notNull(),
  /** Counts by `latencyBoundsMs`; one more for what took longer than all. */
  latency: integer('latency').array().notNull(),
})
