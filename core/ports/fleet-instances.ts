import type { CustomerId, EventId, InstanceId, ServerId } from '#contracts/ids.ts'
import type { InstanceState, StateReason } from '#contracts/instance-states.ts'
import type { Instance, Page } from './instances.ts'
import type { PageRequest, TablePage } from './table.ts'

/** An instance as admins see it: whose it is, where it is placed and where its session is held. */
export interface FleetInstance {
  instance: Instance
  customerName: string
  placedOn: { id: ServerId; name: string }
  /** The server whose worker owns it now; null when none does. While a move goes on it is another than `placedOn`. */
  heldBy: { id: ServerId; name: string } | null
}

/** A state that an instance came into, as its customer was told. */
export interface StateChange {
  id: EventId
  state: InstanceState
  reason: StateReason | null
  occurredAt: Date
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
  /** Newest first, as long as events are kept; undefined when there is no such instance. */
  stateChanges(id: InstanceId, query: { limit: number; cursor?: string }): Promise<Page<StateChange> | undefined>
  /** Where a customer's instances are placed; undefined when there is no such customer. */
  placements(customerId: CustomerId): Promise<{ instanceId: InstanceId; serverId: ServerId }[] | undefined>
}
