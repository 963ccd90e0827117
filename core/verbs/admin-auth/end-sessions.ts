import type { AdminSessionId } from '#contracts/ids.ts'
import type { AdminSession } from '#core/ports/admin-sessions.ts'
import { auditOf } from '#core/verbs/audit/audit-entry.ts'
import { notFound } from '#core/rules/not-found.ts'
import type { AdminActor, AdminApp } from '#core/verbs/admin-app.ts'

type Deps = Pick<AdminApp, 'adminSessions'>

export function listOwnSessions(app: Deps, { adminId }: AdminActor): Promise<AdminSession[]> {
  return app.adminSessions.list(adminId)
}

/** Throws NOT_FOUND for a session that is not the admin's own or has ended. */
export async function endOwnSession(app: Deps, actor: AdminActor, id: AdminSessionId): Promise<void> {
  const audit = auditOf(actor, { action: 'auth.session_end', target: id })
  if (!(await app.adminSessions.revoke(actor.adminId, id, audit))) throw notFound('session')
}

/** Ends every session of the admin, the present one too. */
export async function logOutEverywhere(app: Deps, actor: AdminActor): Promise<{ ended: number }> {
  const audit = auditOf(actor, { action: 'auth.logout_everywhere', target: actor.adminId })
  return { ended: await app.adminSessions.revokeAll(actor.adminId, audit) }
}
