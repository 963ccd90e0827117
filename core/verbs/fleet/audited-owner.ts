import type { InstanceId } from '#contracts/ids.ts'
import type { AdminActor, AdminApp } from '#core/verbs/admin-app.ts'
import type { Owner } from '#core/verbs/app.ts'
import { auditOf } from '#core/verbs/audit/audit-entry.ts'
import { getFleetInstance } from './get-fleet-instance.ts'

/**
 * Whose instance it is, after what an admin is about to do with it was written into the audit log: so nothing is done that
 * is not there. Throws NOT_FOUND.
 */
export async function auditedOwner(
  app: Pick<AdminApp, 'fleetInstances' | 'auditLog'>,
  actor: AdminActor,
  id: InstanceId,
  action: `instance.${string}`,
  details: Record<string, unknown> = {},
): Promise<Owner> {
  const { customerId } = (await getFleetInstance(app, id)).instance
  await app.auditLog.append(auditOf(actor, { action, target: id, customerId, details }))
  return { customerId }
}
