import type { AuditEntry, AuditFilter, AuditLog } from '#core/ports/audit-log.ts'
import type { MemoryDatabase } from './memory-database.ts'
import type { MemoryRows } from './memory-rows.ts'
import { memoryTable } from './memory-table.ts'

/** What every fake that changes something for an admin calls with its change. */
export function recordAudit(database: MemoryDatabase, { customerId, ...entry }: AuditEntry): void {
  database.insert('auditLogs', { ...entry, customerId: customerId ?? null, details: { ...entry.details } })
}

export function createMemoryAuditLog(database: MemoryDatabase): AuditLog {
  const { tables } = database

  /** Newest first; the rows are in the order of their times. */
  const matching = (rows: MemoryRows['auditLogs'][], { adminId, action, target, from, to }: AuditFilter) =>
    rows
      .filter(
        (row) =>
          (adminId === undefined || row.adminId === adminId) &&
          (action === undefined || row.action === action) &&
          (target === undefined || row.target === target) &&
          (from === undefined || row.occurredAt >= from) &&
          (to === undefined || row.occurredAt < to),
      )
      .map((row) => ({ ...row, adminEmail: tables.admins.find(({ id }) => id === row.adminId)?.email ?? null }))
      .toReversed()

  return {
    append: async (entry) => recordAudit(database, entry),
    list: async (filter, page) => memoryTable(matching(tables.auditLogs, filter), page),
    async listBefore(filter, before, limit) {
      const { auditLogs } = tables
      const older = before === undefined ? auditLogs.length : auditLogs.findIndex(({ id }) => id === before)
      return matching(auditLogs.slice(0, Math.max(older, 0)), filter).slice(0, limit)
    },
  }
}
