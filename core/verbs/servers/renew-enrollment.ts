import type { ServerId } from '#contracts/ids.ts'
import { found } from '#core/rules/not-found.ts'
import type { AdminActor, AdminApp } from '#core/verbs/admin-app.ts'
import { auditOf } from '#core/verbs/audit/audit-entry.ts'
import { newEnrollment, type ShownEnrollment } from './new-enrollment.ts'

/** Another token for a server; the one before it opens nothing any more. Throws NOT_FOUND. */
export async function renewEnrollment(
  app: Pick<AdminApp, 'serverRegistry'>,
  actor: AdminActor,
  id: ServerId,
): Promise<ShownEnrollment> {
  const audit = auditOf(actor, { action: 'server.enrollment-token', target: id })
  return found('server', await newEnrollment((stored) => app.serverRegistry.replaceEnrollment(id, stored, audit)))
}
