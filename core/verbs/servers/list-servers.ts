import type { ServerOverview } from '#core/ports/servers.ts'
import type { App } from '#core/verbs/app.ts'

/** Every server with how far drains and moves have come. */
export function listServers(app: Pick<App, 'servers'>): Promise<ServerOverview[]> {
  return app.servers.overview()
}
