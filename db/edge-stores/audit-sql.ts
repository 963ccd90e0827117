import { sql, type SQL } from 'drizzle-orm'
import type { AuditEntry } from '#core/ports/audit-log.ts'

/** The CTE `audited`: the entry, if the CTE `changed` has a row. In the statement that changes, so both or neither hold. */
export function auditOfChanged(entry: AuditEntry): SQL {
  return sql`audited AS (${insertAudit(entry)} WHERE EXISTS (SELECT FROM changed))`
}

/** The same where the statement finds out who acted: the CTE `changed` tells the `admin_id`. */
export function auditByChanged(entry: Omit<AuditEntry, 'adminId'>): SQL {
  return sql`audited AS (${insertBy(entry, sql`changed.admin_id`)} FROM changed)`
}

/** Adds the entry; a condition may follow. */
export function insertAudit({ adminId, ...entry }: AuditEntry): SQL {
  return insertBy(entry, sql`${adminId}`)
}

function insertBy(entry: Omit<AuditEntry, 'adminId'>, adminId: SQL): SQL {
  const { id, action, target, customerId, address, requestId, details } = entry
  return sql`INSERT INTO audit_logs (id, admin_id, action, target, customer_id, address, request_id, details)
    SELECT ${id}, ${adminId}, ${action}, ${target}, ${customerId ?? null}, ${address}, ${requestId},
      ${JSON.stringify(details)}::jsonb`
}
