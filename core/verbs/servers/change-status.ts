import type { ServerId } from '#contracts/ids.ts'
import type { ServerOverview, ServerStatus } from '#core/ports/servers.ts'
import { found } from '#core/rules/not-found.ts'
import type { App } from '#core/verbs/app.ts'
import { getServer } from './get-server.ts'
import { hintLook } from './hint-look.ts'

/** Throws NOT_FOUND. */
export async function changeStatus(
  app: Pick<App, 'servers' | 'gateway' | 'background'>,
  id: ServerId,
  from: readonly ServerStatus[],
  to: ServerStatus,
): Promise<ServerOverview> {
  found('server', (await app.servers.setStatus(id, from, to)) || undefined)
  hintLook(app, [id])
  return getServer(app, id)
}
