import { newId, type AdminId } from '#contracts/ids.ts'
import type { AuditEntry } from '#core/ports/audit-log.ts'

export function auditEntry(adminId: AdminId | null, values: Partial<AuditEntry> = {}): AuditEntry {
  return {
    id: newId('auditEntry'),
    adminId,
    action: 'test.act',
    target: null,
    address: '203.0.113.7',
    requestId: newId('request'),
    details: {},
    ...values,
  }
}
