import { bigint, date, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import type { CustomerId, ServerId } from '#contracts/ids.ts'
import { customers } from './customers.ts'
import { servers } from './servers.ts'

const customerId = () =>
  text('customer_id')
    .$type<CustomerId>()
    .notNull()
    .references(() => customers.id)
/** `YYYY-MM-DD` in UTC. */
const day = () => date('day', { mode: 'string' }).notNull()

/** Requests of a customer and the bytes of their bodies, per day. */
export const requestDays = pgTable(
  'request_days',
  {
    customerId: customerId(),
    day: day(),
    requests: bigint('requests', { mode: 'number' }).notNull(),
    bytesIn: bigint('bytes_in', { mode: 'number' }).notNull(),
    bytesOut: bigint('bytes_out', { mode: 'number' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.customerId, table.day] }), index('request_days_day_idx').on(table.day)],
)

/** Messages of a customer that ended or came, per day and server. */
export const messageDays = pgTable(
  'message_days',
  {
    customerId: customerId(),
    day: day(),
    serverId: text('server_id')
      .$type<ServerId>()
      .notNull()
      .references(() => servers.id),
    sent: integer('sent').notNull(),
    received: integer('received').notNull(),
    failed: integer('failed').notNull(),
    mediaSent: integer('media_sent').notNull(),
    mediaReceived: integer('media_received').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.customerId, table.day, table.serverId] }),
    index('message_days_day_idx').on(table.day),
  ],
)
