import { ApiError } from '#contracts/errors.ts'
import type { ServerId } from '#contracts/ids.ts'
import type { ServerOverview, ServerStatus } from '#core/ports/servers.ts'
import { found } from '#core/rules/not-found.ts'
import { statusesBefore } from '#core/rules/server-status.ts'
import type { AdminActor } from '#core/verbs/admin-app.ts'
import type { App } from '#core/verbs/app.ts'
import { auditOf } from '#core/verbs/audit/audit-entry.ts'
import { getServer } from './get-server.ts'
import { hintLook } from './hint-look.ts'

/** Throws NOT_FOUND, and CONFLICT when a server of its present status cannot become so. What is so already is no error. */
export async function changeStatus(
  app: Pick<App, 'servers' | 'gateway' | 'background'>,
  actor: AdminActor,
  id: ServerId,
  { status, action, reason = null }: { status: ServerStatus; action: string; reason?: string | null },
): Promise<ServerOverview> {
  const audit = auditOf(actor, { action, target: id, details: reason === null ? {} : { reason } })
  const change = { to: status, from: statusesBefore(status), reason }
  const now = found('server', await app.servers.setStatus(id, change, audit))
  if (now !== status) throw new ApiError('CONFLICT', `A server that is ${now} cannot become ${status}.`)
  hintLook(app, [id])
  return getServer(app, id)
}
