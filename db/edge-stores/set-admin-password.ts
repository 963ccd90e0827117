import { sql } from 'drizzle-orm'
import type { AdminId } from '#contracts/ids.ts'
import type { AuditEntry } from '#core/ports/audit-log.ts'
import type { EdgeDatabase } from '#db/clients/neon-http.ts'
import { auditOfChanged } from './audit-sql.ts'

/** Whoever knew the old password must be out: every session ends but the one that is kept. */
export async function setAdminPassword(
  db: EdgeDatabase,
  id: AdminId,
  { hash, forgetTotp, keepSession = '' }: { hash: string; forgetTotp: boolean; keepSession?: string },
  audit: AuditEntry,
): Promise<boolean> {
  const { rows } = await db.execute(sql`
    WITH changed AS (
      UPDATE admins
      SET password_hash = ${hash}, failed_log_ins = 0, locked_until = NULL,
        totp_key_ring_id = CASE WHEN ${forgetTotp} THEN NULL ELSE totp_key_ring_id END,
        totp_secret = CASE WHEN ${forgetTotp} THEN NULL ELSE totp_secret END,
        totp_confirmed_at = CASE WHEN ${forgetTotp} THEN NULL ELSE totp_confirmed_at END,
        totp_used_step = CASE WHEN ${forgetTotp} THEN NULL ELSE totp_used_step END,
        recovery_code_hashes = CASE WHEN ${forgetTotp} THEN '{}' ELSE recovery_code_hashes END
      WHERE id = ${id}
      RETURNING id
    ),
    ended AS (
      UPDATE admin_sessions s SET revoked_at = clock_timestamp(), revoked_reason = 'password-changed'
      FROM changed c
      WHERE s.admin_id = c.id AND s.revoked_at IS NULL AND s.id <> ${keepSession}
    ),
    ${auditOfChanged(audit)}
    SELECT id FROM changed`)
  return rows.length > 0
}
