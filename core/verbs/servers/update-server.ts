import type { ServerId } from '#contracts/ids.ts'
import type { ServerFigures, ServerOverview } from '#core/ports/servers.ts'
import { notFound } from '#core/rules/not-found.ts'
import type { AdminActor, AdminApp } from '#core/verbs/admin-app.ts'
import type { App } from '#core/verbs/app.ts'
import { auditOf } from '#core/verbs/audit/audit-entry.ts'
import { getServer } from './get-server.ts'
import { nameTaken } from './name-taken.ts'

/** Throws NOT_FOUND, and CONFLICT when the name is taken. */
export async function updateServer(
  app: Pick<App, 'servers'> & Pick<AdminApp, 'serverRegistry'>,
  actor: AdminActor,
  id: ServerId,
  changes: Partial<ServerFigures>,
): Promise<ServerOverview> {
  const audit = auditOf(actor, { action: 'server.update', target: id, details: { ...changes } })
  const outcome = await app.serverRegistry.update(id, changes, audit)
  if (outcome === 'unknown') throw notFound('server')
  if (outcome === 'name-taken') throw nameTaken()
  return getServer(app, id)
}
