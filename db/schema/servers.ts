import { sql } from 'drizzle-orm'
import { check, integer, pgTable, text } from 'drizzle-orm/pg-core'
import type { ServerId } from '#contracts/ids.ts'
import { moment } from './column-types.ts'

export type ServerStatus = 'provisioning' | 'active' | 'draining' | 'maintenance' | 'inactive' | 'error'

/** A VPS in the registry; `incarnation` names the run of its worker that holds the lease. */
export const servers = pgTable(
  'servers',
  {
    id: text('id').$type<ServerId>().primaryKey(),
    name: text('name').notNull().unique(),
    url: text('url').notNull(),
    region: text('region').notNull(),
    status: text('status').$type<ServerStatus>().notNull().default('provisioning'),
    maxCapacity: integer('max_capacity').notNull(),
    incarnation: text('incarnation'),
    leaseExpiresAt: moment('lease_expires_at'),
    createdAt: moment('created_at').notNull().defaultNow(),
    deletedAt: moment('deleted_at'),
  },
  (table) => [
    check(
      'servers_status_check',
      sql`${table.status} IN ('provisioning', 'active', 'draining', 'maintenance', 'inactive', 'error')`,
    ),
    check('servers_max_capacity_check', sql`${table.maxCapacity} BETWEEN 1 AND 500`),
  ],
)
