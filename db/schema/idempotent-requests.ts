import { sql } from 'drizzle-orm'
import { index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import type { CustomerId } from '#contracts/ids.ts'
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
    createdAt: moment('created_at')
      .notNull()
      .default(sql`clock_timestamp()`),
  },
  (table) => [
    primaryKey({ columns: [table.customerId, table.key] }),
    index('idempotent_requests_created_at_idx').on(table.createdAt),
  ],
)
