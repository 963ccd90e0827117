import type { ServerId } from '#contracts/ids.ts'
import type { ServerOverview } from '#core/ports/servers.ts'
import type { AdminActor } from '#core/verbs/admin-app.ts'
import type { App } from '#core/verbs/app.ts'
import { changeStatus } from './change-status.ts'

/**
 * The server takes instances again. What it had handed over stays where it is until a rebalance; what still waits to be
 * handed over goes all the same. Throws NOT_FOUND and CONFLICT.
 */
export function activateServer(
  app: Pick<App, 'servers' | 'gateway' | 'background'>,
  actor: AdminActor,
  id: ServerId,
): Promise<ServerOverview> {
  return changeStatus(app, actor, id, { status: 'active', action: 'server.activate' })
}
