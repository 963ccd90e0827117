import type { FleetInstanceView } from '#contracts/http/fleet-instances.ts'
import type { FleetInstance } from '#core/ports/fleet-instances.ts'
import { presentInstance } from './present-instance.ts'

/** An instance as admins see it. */
export function presentFleetInstance({ instance, customerName, placedOn, heldBy }: FleetInstance): FleetInstanceView {
  return {
    ...presentInstance(instance),
    customer: { id: instance.customerId, name: customerName },
    server: placedOn,
    held_by: heldBy,
  }
}
