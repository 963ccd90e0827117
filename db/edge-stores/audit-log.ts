import { and, desc, eq, gte, lt, sql } from 'drizzle-orm'
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
      const { id, occurredAt, adminId, action, target, customerId, address, requestId, details } = auditLogs
      const found = await db
        .select({
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
          total: sql<number>`count(*) OVER ()::integer`,
        })
        .from(auditLogs)
        .leftJoin(admins, eq(admins.id, adminId))
        .where(matches(filter))
        .orderBy(desc(occurredAt), desc(id))
        .limit(page.perPage)
        .offset((page.page - 1) * page.perPage)
      return tableRows(found, page, () => db.$count(auditLogs, matches(filter)))
    },
  })
}

function matches({ adminId, action, target, from, to }: AuditFilter) {
  return and(
    adminId === undefined ? undefined : eq(auditLogs.adminId, adminId),
    action === undefined ? undefined : eq(auditLogs.action, action),
    target === undefined ? undefined : eq(auditLogs.target, target),
    from === undefined ? undefined : gte(auditLogs.occurredAt, from),
    to === undefined ? undefined : lt(auditLogs.occurredAt, to),
  )
}
