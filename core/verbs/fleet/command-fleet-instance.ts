import type { InstanceId } from '#contracts/ids.ts'
import type { FleetInstance } from '#core/ports/fleet-instances.ts'
import type { AdminActor, AdminApp } from '#core/verbs/admin-app.ts'
import type { App } from '#core/verbs/app.ts'
import { auditOf } from '#core/verbs/audit/audit-entry.ts'
import { logoutInstance } from '#core/verbs/instances/logout-instance.ts'
import { restartInstance } from '#core/verbs/instances/restart-instance.ts'
import { getFleetInstance } from './get-fleet-instance.ts'

const verbs = { restart: restartInstance, logout: logoutInstance }

/**
 * What a customer can do with an instance, done by an admin. It is in the audit log before the worker is asked: so nothing
 * is done that is not there. Throws NOT_FOUND, CONFLICT when it is stopped, and WORKER_UNAVAILABLE.
 */
export async function commandFleetInstance(
  app: Pick<App, 'instances' | 'gateway'> & Pick<AdminApp, 'fleetInstances' | 'auditLog'>,
  actor: AdminActor,
  id: InstanceId,
  command: keyof typeof verbs,
): Promise<FleetInstance> {
  const { customerId } = (await getFleetInstance(app, id)).instance
  await app.auditLog.append(auditOf(actor, { action: `instance.${command}`, target: id, customerId }))
  await verbs[command](app, { customerId }, id)
  return getFleetInstance(app, id)
}
