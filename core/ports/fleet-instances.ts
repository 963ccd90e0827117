import type { CustomerId, InstanceId, ServerId } from '#contracts/ids.ts'
import type { InstanceState } from '#contracts/instance-states.ts'
import type { Instance } from './instances.ts'
import type { PageRequest, TablePage } from './table.ts'

/** An instance as admins see it: whose it is, where it is placed and where its session is held. */
export interface FleetInstance {
  instance: Instance
  customerName: string
  placedOn: { id: ServerId; name: string }
  /** The server whose worker owns it now; null when none does. While a move goes on it is another than `placedOn`. */
  heldBy: { id: ServerId; name: string } | null
}

export interface FleetInstanceFilter {
  state?: InstanceState
  /** Placed there, or held there still. */
  serverId?: ServerId
  customerId?: CustomerId
  /** How the name begins, in any case; a whole id; or a whole phone number. */
  q?: string
  sort: { by: 'createdAt' | 'name'; descending: boolean }
}

/** Instances of all customers, in the hands of admins. Deleted ones are seen by nobody. */
export interface FleetInstances {
  /** One query. */
  listAcrossCustomers(filter: FleetInstanceFilter, page: PageRequest): Promise<TablePage<FleetInstance>>
  getAcrossCustomers(id: InstanceId): Promise<FleetInstance | undefined>
  /** Where a customer's instances are placed; undefined when there is no such customer. */
  placements(customerId: CustomerId): Promise<{ instanceId: InstanceId; serverId: ServerId }[] | undefined>
}
