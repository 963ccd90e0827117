import type { InstanceId } from '#contracts/ids.ts'
import type { FleetInstance } from '#core/ports/fleet-instances.ts'
import type { AdminActor, AdminApp } from '#core/verbs/admin-app.ts'
import type { App } from '#core/verbs/app.ts'
import { logoutInstance } from '#core/verbs/instances/logout-instance.ts'
import { restartInstance } from '#core/verbs/instances/restart-instance.ts'
import { startInstance } from '#core/verbs/instances/start-instance.ts'
import { auditedOwner } from './audited-owner.ts'
import { getFleetInstance } from './get-fleet-instance.ts'

const verbs = { start: startInstance, restart: restartInstance, logout: logoutInstance }

/**
 * What a customer can do with an instance, done by an admin. Throws NOT_FOUND, and but for a start CONFLICT when it is
 * stopped and WORKER_UNAVAILABLE.
 */
export async function commandFleetInstance(
  app: Pick<App, 'instances' | 'gateway' | 'background'> & Pick<AdminApp, 'fleetInstances' | 'auditLog'>,
  actor: AdminActor,
  id: InstanceId,
  command: keyof typeof verbs,
): Promise<FleetInstance> {
  await verbs[command](app, await auditedOwner(app, actor, id, `instance.${command}`), id)
  return getFleetInstance(app, id)
}
