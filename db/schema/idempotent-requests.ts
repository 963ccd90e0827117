import { sql } from 'drizzle-orm'
import { check, index, integer, jsonb, pgTable, primaryKey, smallint, text } from 'drizzle-orm/pg-core'
import type { CustomerId } from '#contracts/ids.ts'
import type { Effect } from '#core/ports/idempotency.ts'
import { bytea, moment } from './column-types.ts'
import { customers } from './customers.ts'

/** Requests with an Idempotency-Key and what they were answered. */
export const idempotentRequests = pgTable(
  'idempotent_requests',
  {
    customerId: text('customer_id')
      .$type<CustomerId>()
      .notNull()
      .references(() => customers.id),
    key: text('key').notNull(),
    requestHash: bytea('request_hash').notNull(),
    claimToken: text('claim_token').notNull(),
    claimedUntil: moment('claimed_until').notNull(),
    /** HTTP status of the answer; null while somebody acts. */
    status: integer('status'),
    body: jsonb('body'),
    timesActed: smallint('times_acted').notNull().default(0),
    /** What was done; null as long as nothing was. */
    effect: jsonb('effect').$type<Effect>(),
    createdAt: moment('created_at')
      .notNull()
      .default(sql`clock_timestamp()`),
  },
  (table) => [
    primaryKey({ columns: [table.customerId, table.key] }),
    index('idempotent_requests_created_at_idx').on(table.createdAt),
    /** Refuses whoever would act a second time, and with it its whole transaction. */
    check('idempotent_requests_act_once', sql`${table.timesActed} <= 1`),
  ],
)
