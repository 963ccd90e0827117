import type { AlertId } from '#contracts/ids.ts'
import type { Alert } from '#core/ports/alerts.ts'
import { found } from '#core/rules/not-found.ts'
import type { AdminActor, AdminApp } from '#core/verbs/admin-app.ts'
import { auditOf } from '#core/verbs/audit/audit-entry.ts'

/** Throws NOT_FOUND. */
export async function resolveAlert(
  { alerts }: Pick<AdminApp, 'alerts'>,
  actor: AdminActor,
  id: AlertId,
): Promise<Alert> {
  return found('alert', await alerts.resolve(id, auditOf(actor, { action: 'alert.resolve', target: id })))
}
