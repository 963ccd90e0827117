import type { ServerId } from '#contracts/ids.ts'
import type { ServerOverview } from '#core/ports/servers.ts'
import type { AdminActor } from '#core/verbs/admin-app.ts'
import type { App } from '#core/verbs/app.ts'
import { changeStatus } from './change-status.ts'

/**
 * From now on the server takes no instances, and its worker hands over those that it has, each when another server has a
 * free slot for it. Draining twice is no error. Progress is in the overview: it is empty when `placed` and `owned` are 0.
 * Throws NOT_FOUND and CONFLICT.
 */
export function drainServer(
  app: Pick<App, 'servers' | 'gateway' | 'background'>,
  actor: AdminActor,
  id: ServerId,
): Promise<ServerOverview> {
  return changeStatus(app, actor, id, { status: 'draining', action: 'server.drain' })
}
