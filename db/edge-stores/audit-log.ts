import { and, desc, eq, gte, lt, sql, type SQL } from 'drizzle-orm'
import type { AuditEntryId } from '#contracts/ids.ts'
import type { AuditFilter, AuditLog } from '#core/ports/audit-log.ts'
import type { EdgeDatabase } from '#db/clients/neon-http.ts'
import { guardStore } from '#db/errors/guard-store.ts'
import { admins, auditLogs } from '#db/schema/admins.ts'
import { insertAudit } from './audit-sql.ts'
import { tableRows } from './table-rows.ts'

export function createAuditLog(db: EdgeDatabase): AuditLog {
  return guardStore<AuditLog>({
    async append(entry) {
      await db.execute(insertAudit(entry))
    },

    async list(filter, page) {
      const found = await db
        .select({ ...columns, total: sql<number>`count(*) OVER ()::integer` })
        .from(auditLogs)
        .leftJoin(admins, eq(admins.id, auditLogs.adminId))
        .where(matches(filter))
        .orderBy(...newestFirst)
        .limit(page.perPage)
        .offset((page.page - 1) * page.perPage)
      return tableRows(found, page, () => db.$count(auditLogs, matches(filter)))
    },

    listBefore: (filter, before, limit) =>
      db
        .select(columns)
        .from(auditLogs)
        .leftJoin(admins, eq(admins.id, auditLogs.adminId))
        .where(and(matches(filter), before === undefined ? undefined : isOlderThan(before)))
        .orderBy(...newestFirst)
        .limit(limit),
  })
}

const { id, occurredAt, adminId, action, target, customerId, address, requestId, details } = auditLogs
const columns = {
  id,
  occurredAt,
  adminId,
  adminEmail: admins.email,
  action,
  target,
  customerId,
  address,
  requestId,
  details,
}
const newestFirst = [desc(occurredAt), desc(id)]

/** By the row itself: its time has more digits than a Date. */
function isOlderThan(before: AuditEntryId): SQL {
  return sql`(${occurredAt}, ${id}) < (SELECT b.occurred_at, b.id FROM audit_logs b WHERE b.id = ${before})`
}

function matches(filter: AuditFilter): SQL | undefined {
  return and(
    filter.adminId === undefined ? undefined : eq(adminId, filter.adminId),
    filter.action === undefined ? undefined : eq(action, filter.action),
    filter.target === undefined ? undefined : eq(target, filter.target),
    filter.from === undefined ? undefined : gte(occurredAt, filter.from),
    filter.to === undefined ? undefined : lt(occurredAt, filter.to),
  )
}
