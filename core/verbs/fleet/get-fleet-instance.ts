import type { InstanceId } from '#contracts/ids.ts'
import type { FleetInstance } from '#core/ports/fleet-instances.ts'
import { found } from '#core/rules/not-found.ts'
import type { AdminApp } from '#core/verbs/admin-app.ts'

/** Throws NOT_FOUND. */
export async function getFleetInstance(app: Pick<AdminApp, 'fleetInstances'>, id: InstanceId): Promise<FleetInstance> {
  return found('instance', await app.fleetInstances.getAcrossCustomers(id))
}
