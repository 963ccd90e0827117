import { bigint, index, integer, pgTable, primaryKey, real, text } from 'drizzle-orm/pg-core'
import type { ServerId } from '#contracts/ids.ts'
import { moment } from './column-types.ts'
import { servers } from './servers.ts'

const columns = () => ({
  serverId: text('server_id')
    .$type<ServerId>()
    .notNull()
    .references(() => servers.id),
  at: moment('at').notNull(),
  /** Shares are 0 to 1; null where the worker did not tell. */
  cpu: real('cpu'),
  memory: real('memory'),
  disk: real('disk'),
  networkIn: bigint('network_in', { mode: 'number' }),
  networkOut: bigint('network_out', { mode: 'number' }),
  eventLoopLagMs: real('event_loop_lag_ms'),
  sessions: real('sessions'),
  sent: integer('sent').notNull().default(0),
  received: integer('received').notNull().default(0),
  failed: integer('failed').notNull().default(0),
  /** Counts by `latencyBoundsMs`. */
  latency: integer('latency').array(),
})

/** How each server does, per minute. */
export const serverMinutes = pgTable('server_minutes', columns(), (table) => [
  primaryKey({ columns: [table.serverId, table.at] }),
  index('server_minutes_at_idx').on(table.at),
])

/** The same per hour. */
export const serverHours = pgTable('server_hours', columns(), (table) => [
  primaryKey({ columns: [table.serverId, table.at] }),
  index('server_hours_at_idx').on(table.at),
])
