import { sql } from 'drizzle-orm'
import type { AdminId } from '#contracts/ids.ts'
import type { AdminRole } from '#contracts/roles.ts'
import type { Admin, AdminChanges } from '#core/ports/admins.ts'
import type { AuditEntry } from '#core/ports/audit-log.ts'
import type { EdgeDatabase } from '#db/clients/neon-http.ts'
import { auditOfChanged } from './audit-sql.ts'

type UpdatedRow = {
  known: boolean
  id: AdminId | null
  email: string
  name: string
  role: AdminRole
  totp_enabled: boolean
  recovery_codes_left: number
  created_at: string
  disabled_at: string | null
}

/**
 * All super_admins are locked first, in order of id: two who demote each other at once must not wait for each other. And
 * who else is one is read from the locked rows: the second of two then sees what the first did.
 */
export async function updateAdmin(
  db: EdgeDatabase,
  id: AdminId,
  { name = null as never, role = null as never, disabled = null as never }: AdminChanges,
  audit: AuditEntry,
): Promise<Admin | 'unknown' | 'last-super-admin'> {
  const { rows } = await db.execute<UpdatedRow>(sql`
    WITH guarded AS MATERIALIZED (
      SELECT id, role = 'super_admin' AND disabled_at IS NULL AS rules
      FROM admins
      WHERE id = ${id} OR (role = 'super_admin' AND disabled_at IS NULL)
      ORDER BY id
      FOR NO KEY UPDATE
    ),
    changed AS (
      UPDATE admins a
      SET name = coalesce(${name}, a.name), role = coalesce(${role}, a.role),
        disabled_at = CASE ${disabled}::boolean
          WHEN true THEN coalesce(a.disabled_at, clock_timestamp()) WHEN false THEN NULL ELSE a.disabled_at END
      WHERE a.id = ${id} AND EXISTS (SELECT FROM guarded WHERE guarded.id = a.id)
        AND (
          (coalesce(${role}, a.role) = 'super_admin' AND NOT coalesce(${disabled}::boolean, a.disabled_at IS NOT NULL))
          OR EXISTS (SELECT FROM guarded other WHERE other.id <> a.id AND other.rules)
        )
      RETURNING a.*
    ),
    ended AS (
      UPDATE admin_sessions s SET revoked_at = clock_timestamp(), revoked_reason = 'admin-changed'
      FROM changed c
      WHERE s.admin_id = c.id AND s.revoked_at IS NULL AND (${role}::text IS NOT NULL OR ${disabled}::boolean)
    ),
    ${auditOfChanged(audit)}
    SELECT EXISTS (SELECT FROM guarded WHERE id = ${id}) AS known, c.id, c.email, c.name, c.role,
      c.totp_confirmed_at IS NOT NULL AS totp_enabled, cardinality(c.recovery_code_hashes) AS recovery_codes_left,
      c.created_at, c.disabled_at
    FROM (VALUES (1)) AS always LEFT JOIN changed c ON true`)
  const [row] = rows
  if (row?.known !== true) return 'unknown'
  if (row.id === null) return 'last-super-admin'
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    role: row.role,
    totpEnabled: row.totp_enabled,
    recoveryCodesLeft: row.recovery_codes_left,
    createdAt: new Date(row.created_at),
    disabledAt: row.disabled_at === null ? null : new Date(row.disabled_at),
  }
}
