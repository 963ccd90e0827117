import { ApiError } from '#contracts/errors.ts'
import type { ServerId } from '#contracts/ids.ts'
import { notFound } from '#core/rules/not-found.ts'
import type { AdminActor, AdminApp } from '#core/verbs/admin-app.ts'
import { auditOf } from '#core/verbs/audit/audit-entry.ts'

/** Throws NOT_FOUND, and CONFLICT while it holds instances. */
export async function deleteServer(
  app: Pick<AdminApp, 'serverRegistry'>,
  actor: AdminActor,
  id: ServerId,
): Promise<void> {
  const outcome = await app.serverRegistry.remove(id, auditOf(actor, { action: 'server.delete', target: id }))
  if (outcome === 'unknown') throw notFound('server')
  if (outcome === 'holds-instances') {
    throw new ApiError('CONFLICT', 'The server holds instances: drain it, and delete it when its drain is done.')
  }
}
