import type { ServerId } from '#contracts/ids.ts'
import type { ServerOverview, ServerStatus } from '#core/ports/servers.ts'
import { notFound } from '#core/rules/not-found.ts'
import type { AdminActor } from '#core/verbs/admin-app.ts'
import type { App } from '#core/verbs/app.ts'
import { auditOf } from '#core/verbs/audit/audit-entry.ts'
import { getServer } from './get-server.ts'
import { hintLook } from './hint-look.ts'

/** Throws NOT_FOUND. */
export async function changeStatus(
  app: Pick<App, 'servers' | 'gateway' | 'background'>,
  actor: AdminActor,
  id: ServerId,
  { status, action }: { status: ServerStatus; action: string },
): Promise<ServerOverview> {
  if (!(await app.servers.setStatus(id, status, auditOf(actor, { action, target: id })))) throw notFound('server')
  hintLook(app, [id])
  return getServer(app, id)
}
