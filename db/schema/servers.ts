import { sql } from 'drizzle-orm'
import { boolean, check, index, integer, numeric, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import type { ServerId } from '#contracts/ids.ts'
import type { CheckReason, ServerGrade } from '#contracts/server-checks.ts'
import type { ServerHealth, ServerStatus } from '#core/ports/servers.ts'
import { moment } from './column-types.ts'

/** A VPS in the registry; `incarnation` names the run of its worker that holds the lease. */
export const servers = pgTable(
  'servers',
  {
    id: text('id').$type<ServerId>().primaryKey(),
    name: text('name').notNull(),
    url: text('url').notNull(),
    region: text('region').notNull(),
    status: text('status').$type<ServerStatus>().notNull().default('provisioning'),
    maxCapacity: integer('max_capacity').notNull(),
    incarnation: text('incarnation'),
    leaseExpiresAt: moment('lease_expires_at'),
    stopping: boolean('stopping').notNull().default(false),
    health: text('health').$type<ServerHealth>().notNull().default('healthy'),
    drainStartedAt: moment('drain_started_at'),
    drainInstances: integer('drain_instances'),
    ipAddress: text('ip_address'),
    provider: text('provider'),
    cpuCores: integer('cpu_cores'),
    ramGb: integer('ram_gb'),
    costPerMonth: numeric('cost_per_month', { mode: 'number' }),
    statusReason: text('status_reason'),
    publicKey: text('public_key'),
    workerVersion: text('worker_version'),
    enrolledAt: moment('enrolled_at'),
    createdAt: moment('created_at').notNull().defaultNow(),
    deletedAt: moment('deleted_at'),
  },
  (table) => [
    check(
      'servers_status_check',
      sql`${table.status} IN ('provisioning', 'active', 'draining', 'maintenance', 'inactive', 'error')`,
    ),
    check('servers_health_check', sql`${table.health} IN ('healthy', 'degraded')`),
    index('servers_incarnation_idx')
      .on(table.incarnation)
      .where(sql`${table.incarnation} IS NOT NULL`),
    check('servers_cpu_cores_check', sql`${table.cpuCores} BETWEEN 1 AND 128`),
    check('servers_ram_gb_check', sql`${table.ramGb} BETWEEN 1 AND 1024`),
    uniqueIndex('servers_name_idx')
      .on(sql`lower(${table.name}) COLLATE "C"`)
      .where(sql`${table.deletedAt} IS NULL`),
    check('servers_max_capacity_check', sql`${table.maxCapacity} BETWEEN 1 AND 500`),
  ],
)

/** What the edge found at the newest call of each worker. */
export const serverChecks = pgTable(
  'server_checks',
  {
    serverId: text('server_id')
      .$type<ServerId>()
      .primaryKey()
      .references(() => servers.id),
    grade: text('grade').$type<ServerGrade>().notNull(),
    reason: text('reason').$type<CheckReason>(),
    tookMs: integer('took_ms').notNull(),
    checkedAt: moment('checked_at').notNull(),
    since: moment('since').notNull(),
  },
  (table) => [check('server_checks_grade_check', sql`${table.grade} IN ('healthy', 'degraded', 'unhealthy')`)],
)

/** The newest token by which a worker may enroll once as a server. */
export const serverEnrollments = pgTable('server_enrollments', {
  serverId: text('server_id')
    .$type<ServerId>()
    .primaryKey()
    .references(() => servers.id),
  tokenHash: text('token_hash').notNull().unique(),
  expiresAt: moment('expires_at').notNull(),
  usedAt: moment('used_at'),
})
