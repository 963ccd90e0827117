import { sql } from 'drizzle-orm'
import { bigint, check, index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import type { AdminId, AdminSessionId, AuditEntryId, CustomerId } from '#contracts/ids.ts'
import type { AdminRole } from '#contracts/roles.ts'
import { bytea, moment } from './column-types.ts'
import { customers } from './customers.ts'

const now = sql`clock_timestamp()`

/** People who run the service. */
export const admins = pgTable(
  'admins',
  {
    id: text('id').$type<AdminId>().primaryKey(),
    /** In lower case. */
    email: text('email').notNull().unique(),
    name: text('name').notNull(),
    role: text('role').$type<AdminRole>().notNull(),
    passwordHash: text('password_hash').notNull(),
    totpKeyRingId: text('totp_key_ring_id'),
    totpSecret: bytea('totp_secret'),
    totpConfirmedAt: moment('totp_confirmed_at'),
    totpUsedStep: bigint('totp_used_step', { mode: 'number' }),
    recoveryCodeHashes: text('recovery_code_hashes').array().notNull().default([]),
    failedLogIns: integer('failed_log_ins').notNull().default(0),
    lockedUntil: moment('locked_until'),
    createdAt: moment('created_at').notNull().default(now),
    disabledAt: moment('disabled_at'),
  },
  (table) => [
    check('admins_email_check', sql`${table.email} = lower(${table.email})`),
    check('admins_role_check', sql`${table.role} IN ('viewer', 'admin', 'super_admin')`),
  ],
)

/** One per log-in: the family of refresh tokens that came of it. */
export const adminSessions = pgTable(
  'admin_sessions',
  {
    id: text('id').$type<AdminSessionId>().primaryKey(),
    adminId: text('admin_id')
      .$type<AdminId>()
      .notNull()
      .references(() => admins.id),
    tokenHash: text('token_hash').notNull(),
    previousTokenHash: text('previous_token_hash'),
    rotatedAt: moment('rotated_at').notNull().default(now),
    expiresAt: moment('expires_at').notNull(),
    revokedAt: moment('revoked_at'),
    revokedReason: text('revoked_reason'),
    address: text('address'),
    userAgent: text('user_agent'),
    createdAt: moment('created_at').notNull().default(now),
  },
  (table) => [index('admin_sessions_admin_id_idx').on(table.adminId, table.createdAt.desc())],
)

/** Who changed what; rows are only ever added. */
export const auditLogs = pgTable(
  'audit_logs',
  {
    id: text('id').$type<AuditEntryId>().primaryKey(),
    occurredAt: moment('occurred_at').notNull().default(now),
    adminId: text('admin_id')
      .$type<AdminId>()
      .references(() => admins.id),
    action: text('action').notNull(),
    target: text('target'),
    customerId: text('customer_id')
      .$type<CustomerId>()
      .references(() => customers.id),
    address: text('address'),
    requestId: text('request_id').notNull(),
    details: jsonb('details').$type<Record<string, unknown>>().notNull().default({}),
  },
  (table) => [
    index('audit_logs_occurred_at_idx').on(table.occurredAt.desc(), table.id.desc()),
    index('audit_logs_admin_id_idx').on(table.adminId, table.occurredAt.desc()),
    index('audit_logs_target_idx').on(table.target, table.occurredAt.desc()),
  ],
)
