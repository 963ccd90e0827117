import type { exportAuditLogContract } from '#contracts/http/admins.ts'
import type { Query } from '#contracts/http/contract.ts'
import type { AuditFilter } from '#core/ports/audit-log.ts'

export function auditFilterOf(query: Query<typeof exportAuditLogContract>): AuditFilter {
  const { admin_id: adminId, from, to, ...rest } = query
  return {
    ...rest,
    ...(adminId === undefined ? {} : { adminId }),
    ...(from === undefined ? {} : { from: new Date(from) }),
    ...(to === undefined ? {} : { to: new Date(to) }),
  }
}
