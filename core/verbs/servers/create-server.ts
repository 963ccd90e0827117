import { newId } from '#contracts/ids.ts'
import type { ServerFigures, ServerOverview } from '#core/ports/servers.ts'
import type { AdminActor, AdminApp } from '#core/verbs/admin-app.ts'
import type { App } from '#core/verbs/app.ts'
import { auditOf } from '#core/verbs/audit/audit-entry.ts'
import { getServer } from './get-server.ts'
import { nameTaken } from './name-taken.ts'
import { newEnrollment, type ShownEnrollment } from './new-enrollment.ts'

/** In the status `provisioning`, with a token by which its worker enrolls. Throws CONFLICT when the name is taken. */
export async function createServer(
  app: Pick<App, 'servers'> & Pick<AdminApp, 'serverRegistry'>,
  actor: AdminActor,
  figures: ServerFigures,
): Promise<{ server: ServerOverview; enrollment: ShownEnrollment }> {
  const id = newId('server')
  const audit = auditOf(actor, { action: 'server.create', target: id, details: { ...figures } })
  const enrollment = await newEnrollment((stored) => app.serverRegistry.create({ id, ...figures }, stored, audit))
  if (enrollment === undefined) throw nameTaken()
  return { server: await getServer(app, id), enrollment }
}
