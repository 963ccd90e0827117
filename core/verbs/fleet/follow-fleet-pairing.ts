import { ApiError } from '#contracts/errors.ts'
import type { InstanceId } from '#contracts/ids.ts'
import { requireRole } from '#core/rules/admin-role.ts'
import type { AdminActor, AdminApp } from '#core/verbs/admin-app.ts'
import type { App } from '#core/verbs/app.ts'
import { watchPairing, type PairingNews } from '#core/verbs/instances/watch-pairing.ts'
import { auditedOwner } from './audited-owner.ts'

/**
 * Watches an instance as `watchPairing` does, as long as the admin's session lives and its role suffices. Whoever sees a
 * code can link a phone: it is in the audit log. Throws what that throws.
 */
export async function followFleetPairing(
  app: Pick<App, 'instances' | 'gateway' | 'clock' | 'background'> &
    Pick<AdminApp, 'fleetInstances' | 'auditLog' | 'adminSessions'>,
  actor: AdminActor,
  id: InstanceId,
): Promise<AsyncGenerator<PairingNews[], void>> {
  const owner = await auditedOwner(app, actor, id, 'instance.show_qr')
  return watchPairing(app, owner, { id, stillAllowed: () => checkAdmin(app, actor) })
}

async function checkAdmin({ adminSessions }: Pick<AdminApp, 'adminSessions'>, actor: AdminActor): Promise<void> {
  const standing = await adminSessions.standing(actor.sessionId, actor.adminId)
  if (standing === undefined) throw new ApiError('INVALID_ADMIN_TOKEN', 'The session has ended: log in again.')
  requireRole(standing.role, 'admin')
}
