import type { AuditEntry, AuditLog } from '#core/ports/audit-log.ts'
import type { MemoryDatabase } from './memory-database.ts'
import { memoryTable } from './memory-table.ts'

/** What every fake that changes something for an admin calls with its change. */
export function recordAudit(database: MemoryDatabase, { customerId, ...entry }: AuditEntry): void {
  database.insert('auditLogs', { ...entry, customerId: customerId ?? null, details: { ...entry.details } })
}

export function createMemoryAuditLog(database: MemoryDatabase): AuditLog {
  const { tables } = database
  return {
    append: async (entry) => recordAudit(database, entry),
    async list({ adminId, action, target, from, to }, page) {
      const found = tables.auditLogs
        .filter(
          (row) =>
            (adminId === undefined || row.adminId === adminId) &&
            (action === undefined || row.action === action) &&
            (target === undefined || row.target === target) &&
            (from === undefined || row.occurredAt >= from) &&
            (to === undefined || row.occurredAt < to),
        )
        .map((row) => ({ ...row, adminEmail: tables.admins.find(({ id }) => id === row.adminId)?.email ?? null }))
      return memoryTable(found.toReversed(), page)
    },
  }
}
