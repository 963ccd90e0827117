import { and, desc, eq, gt, isNull, sql } from 'drizzle-orm'
import type { AdminId, AdminSessionId } from '#contracts/ids.ts'
import type { AdminRole } from '#contracts/roles.ts'
import {
  refreshGraceMs,
  sessionIdleMs,
  sessionLongestMs,
  type AdminSessions,
  type RefreshOutcome,
} from '#core/ports/admin-sessions.ts'
import type { EdgeDatabase } from '#db/clients/neon-http.ts'
import { guardStore } from '#db/errors/guard-store.ts'
import { admins, adminSessions } from '#db/schema/admins.ts'
import { auditByChanged, auditOfChanged } from './audit-sql.ts'

const milliseconds = (ms: number) => sql`${ms} * interval '1 millisecond'`
const now = sql`clock_timestamp()`
const live = and(isNull(adminSessions.revokedAt), gt(adminSessions.expiresAt, now), isNull(admins.disabledAt))

type RefreshRow = {
  verdict: RefreshOutcome['outcome']
  admin_id: AdminId
  email: string
  role: AdminRole
}

export function createAdminSessions(db: EdgeDatabase): AdminSessions {
  return guardStore<AdminSessions>({
    async open({ id, adminId, tokenHash, address, userAgent }, audit) {
      await db.execute(sql`
        WITH changed AS (
          INSERT INTO admin_sessions (id, admin_id, token_hash, address, user_agent, expires_at)
          VALUES (${id}, ${adminId}, ${tokenHash}, ${address}, ${userAgent}, ${now} + ${milliseconds(sessionIdleMs)})
          RETURNING admin_id
        ),
        forgiven AS (
          UPDATE admins SET failed_log_ins = 0, locked_until = NULL FROM changed WHERE admins.id = changed.admin_id
        ),
        ${auditOfChanged(audit)}
        SELECT 1`)
    },

    async standing(id, adminId) {
      const [standing] = await db
        .select({ adminId: admins.id, email: admins.email, role: admins.role })
        .from(adminSessions)
        .innerJoin(admins, eq(admins.id, adminSessions.adminId))
        .where(and(eq(adminSessions.id, id), eq(adminSessions.adminId, adminId), live))
      return standing
    },

    async refresh(id, { presented, next }, reuse) {
      const { rows } = await db.execute<RefreshRow>(sql`
        WITH found AS MATERIALIZED (
          SELECT s.id, s.admin_id, a.email, a.role,
            CASE
              WHEN s.revoked_at IS NOT NULL OR s.expires_at <= ${now} OR a.disabled_at IS NOT NULL THEN 'ended'
              WHEN s.token_hash = ${presented} THEN 'rotated'
              WHEN s.previous_token_hash = ${presented} AND s.rotated_at > ${now} - ${milliseconds(refreshGraceMs)}
                THEN 'grace'
              ELSE 'reused'
            END AS verdict
          FROM admin_sessions s
          JOIN admins a ON a.id = s.admin_id
          WHERE s.id = ${id}
          FOR UPDATE OF s
        ),
        rotated AS (
          UPDATE admin_sessions s
          SET previous_token_hash = s.token_hash, token_hash = ${next}, rotated_at = ${now}, address = ${reuse.address},
            expires_at = least(
              s.created_at + ${milliseconds(sessionLongestMs)}, ${now} + ${milliseconds(sessionIdleMs)})
          FROM found WHERE s.id = found.id AND found.verdict = 'rotated'
        ),
        changed AS (
          UPDATE admin_sessions s SET revoked_at = ${now}, revoked_reason = 'token-reused'
          FROM found WHERE s.id = found.id AND found.verdict = 'reused'
          RETURNING s.admin_id
        ),
        ${auditByChanged({ ...reuse, target: id })}
        SELECT verdict, admin_id, email, role FROM found`)
      const [row] = rows
      if (row === undefined || row.verdict === 'ended') return { outcome: 'ended' }
      return { outcome: row.verdict, standing: { adminId: row.admin_id, email: row.email, role: row.role } }
    },

    async end(id, presentedHash, audit) {
      const { rows } = await db.execute(sql`
        WITH changed AS (
          UPDATE admin_sessions SET revoked_at = ${now}, revoked_reason = 'logged-out'
          WHERE id = ${id} AND revoked_at IS NULL
            AND (token_hash = ${presentedHash}
              OR (previous_token_hash = ${presentedHash} AND rotated_at > ${now} - ${milliseconds(refreshGraceMs)}))
          RETURNING admin_id
        ),
        ${auditByChanged(audit)}
        SELECT admin_id FROM changed`)
      return rows.length > 0
    },

    async list(adminId) {
      return db
        .select({
          id: adminSessions.id,
          address: adminSessions.address,
          userAgent: adminSessions.userAgent,
          createdAt: adminSessions.createdAt,
          refreshedAt: adminSessions.rotatedAt,
          expiresAt: adminSessions.expiresAt,
        })
        .from(adminSessions)
        .innerJoin(admins, eq(admins.id, adminSessions.adminId))
        .where(and(eq(adminSessions.adminId, adminId), live))
        .orderBy(desc(adminSessions.createdAt), desc(adminSessions.id))
    },

    async revoke(adminId, id, audit) {
      const { rows } = await db.execute(sql`
        WITH changed AS (
          UPDATE admin_sessions SET revoked_at = ${now}, revoked_reason = 'ended-by-admin'
          WHERE id = ${id as AdminSessionId} AND admin_id = ${adminId} AND revoked_at IS NULL AND expires_at > ${now}
          RETURNING id
        ), ${auditOfChanged(audit)}
        SELECT id FROM changed`)
      return rows.length > 0
    },

    async revokeAll(adminId, audit) {
      const { rows } = await db.execute(sql`
        WITH changed AS (
          UPDATE admin_sessions SET revoked_at = ${now}, revoked_reason = 'logged-out-everywhere'
          WHERE admin_id = ${adminId} AND revoked_at IS NULL AND expires_at > ${now}
          RETURNING id
        ), ${auditOfChanged(audit)}
        SELECT id FROM changed`)
      return rows.length
    },
  })
}
