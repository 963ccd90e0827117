import type { ServerId } from '#contracts/ids.ts'
import type { ServerOverview } from '#core/ports/servers.ts'
import { found } from '#core/rules/not-found.ts'
import type { App } from '#core/verbs/app.ts'

/** A server with how far a drain or a move has come. Throws NOT_FOUND. */
export async function getServer(app: Pick<App, 'servers'>, id: ServerId): Promise<ServerOverview> {
  return found('server', await app.servers.get(id))
}
