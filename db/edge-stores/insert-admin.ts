import { sql, type SQL } from 'drizzle-orm'
import type { NewAdmin } from '#core/ports/admins.ts'
import type { AuditEntry } from '#core/ports/audit-log.ts'
import { auditOfChanged } from './audit-sql.ts'

/** One row when the admin was made, none when the e-mail address is taken. For the edge and for `npm run admin:create`. */
export function insertAdmin({ id, email, name, role, passwordHash }: NewAdmin, audit: AuditEntry): SQL {
  return sql`
    WITH changed AS (
      INSERT INTO admins (id, email, name, role, password_hash)
      VALUES (${id}, ${email}, ${name}, ${role}, ${passwordHash})
      ON CONFLICT (email) DO NOTHING
      RETURNING id
    ), ${auditOfChanged(audit)}
    SELECT id FROM changed`
}
