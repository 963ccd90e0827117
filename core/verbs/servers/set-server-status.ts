import type { ServerId } from '#contracts/ids.ts'
import type { ServerOverview, ServerStatus } from '#core/ports/servers.ts'
import type { AdminActor } from '#core/verbs/admin-app.ts'
import type { App } from '#core/verbs/app.ts'
import { changeStatus } from './change-status.ts'

/** Any change of status that an admin may make, with a reason for people. Throws NOT_FOUND and CONFLICT. */
export function setServerStatus(
  app: Pick<App, 'servers' | 'gateway' | 'background'>,
  actor: AdminActor,
  id: ServerId,
  { status, reason }: { status: ServerStatus; reason?: string | undefined },
): Promise<ServerOverview> {
  return changeStatus(app, actor, id, { status, action: `server.${status}`, reason: reason ?? null })
}
