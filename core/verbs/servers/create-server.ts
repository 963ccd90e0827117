import { newId } from '#contracts/ids.ts'
import type { ServerFigures, ServerOverview } from '#core/ports/servers.ts'
import type { AdminActor, AdminApp } from '#core/verbs/admin-app.ts'
import type { App } from '#core/verbs/app.ts'
import { auditOf } from '#core/verbs/audit/audit-entry.ts'
import { getServer } from './get-server.ts'
import { nameTaken } from './name-taken.ts'

/** In the status `provisioning`. Throws CONFLICT when the name is taken. */
export async function createServer(
  app: Pick<App, 'servers'> & Pick<AdminApp, 'serverRegistry'>,
  actor: AdminActor,
  figures: ServerFigures,
): Promise<ServerOverview> {
  const id = newId('server')
  const audit = auditOf(actor, { action: 'server.create', target: id, details: { ...figures } })
  if (!(await app.serverRegistry.create({ id, ...figures }, audit))) throw nameTaken()
  return getServer(app, id)
}
