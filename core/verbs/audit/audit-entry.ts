import { newId } from '#contracts/ids.ts'
import type { AuditEntry } from '#core/ports/audit-log.ts'
import type { AdminActor, Origin } from '#core/verbs/admin-app.ts'

type Told = Pick<AuditEntry, 'action' | 'target'> & Partial<Pick<AuditEntry, 'customerId' | 'details'>>

/** What an admin did. */
export function auditOf(actor: AdminActor, told: Told): AuditEntry {
  return auditAt(actor, { adminId: actor.adminId, ...told })
}

/** What happened at a request whose sender may be nobody that is known. */
export function auditAt({ requestId, address }: Origin, told: Told & Pick<AuditEntry, 'adminId'>): AuditEntry {
  return { id: newId('auditEntry'), address, requestId, details: {}, ...told }
}
