import type { CustomerId, InstanceId, ServerId } from '#contracts/ids.ts'
import type { DesiredStatus, InstanceState, StateReason } from '#contracts/instance-states.ts'
import type { Once } from './idempotency.ts'

export interface Instance {
  id: InstanceId
  customerId: CustomerId
  name: string
  desired: DesiredStatus
  state: InstanceState
  reason: StateReason | null
  phoneNumber: string | null
  /** First messages to new chats per minute, as the customer chose; null = the worker's default. */
  newChatsPerMinute: number | null
  /** Until when first messages to new chats wait; null when they do not, or no more. */
  newChatsHeldUntil: Date | null
  /** Until when all messages leave slower; null when they do not, or no more. */
  slowedUntil: Date | null
  stateChangedAt: Date
  createdAt: Date
}

/** Where the session of an instance runs: what the edge needs to command it. */
export interface Route {
  instanceId: InstanceId
  serverId: ServerId
  url: string
  epoch: number
  /** The run of the worker that owns the instance under this epoch; null when none does now. */
  incarnation: string | null
}

export interface Page<T> {
  items: T[]
  /** Null on the last page. */
  nextCursor: string | null
}

export type CreateInstanceOutcome =
  | { outcome: 'created'; instance: Instance }
  | { outcome: 'limit-reached'; limit: number }
  /** The chosen server filled up since it was chosen: choose again. */
  | { outcome: 'server-full' }

/** What a customer can change; what is left out stays. */
export interface InstanceChanges {
  name?: string | undefined
  newChatsPerMinute?: number | null | undefined
}

/** A customer's instances, for the edge. Unknown, deleted and other customers' ids are all undefined. */
export interface Instances {
  /** Counts against the plan and the server's capacity in one transaction, whatever runs beside it. */
  create(
    customerId: CustomerId,
    instance: { id: InstanceId; name: string; desired: DesiredStatus; serverId: ServerId },
    /** Effect: `id`. */
    once?: Once,
  ): Promise<CreateInstanceOutcome>
  get(customerId: CustomerId, id: InstanceId): Promise<Instance | undefined>
  /** Newest first. A cursor of another list is an ApiError VALIDATION_ERROR. */
  list(
    customerId: CustomerId,
    query: { limit: number; cursor?: string; state?: InstanceState },
  ): Promise<Page<Instance>>
  update(customerId: CustomerId, id: InstanceId, changes: InstanceChanges): Promise<Instance | undefined>
  setDesired(customerId: CustomerId, id: InstanceId, desired: DesiredStatus): Promise<Instance | undefined>
  /**
   * Marks as deleted and erases credentials and keys at once; queued messages end `cancelled`. False when there was
   * none. The owning worker sees it at its next look and ends the session.
   */
  remove(customerId: CustomerId, id: InstanceId): Promise<boolean>
  route(customerId: CustomerId, id: InstanceId): Promise<Route | undefined>
  /** The instance of the short form: the key's default one, else the customer's only one, else undefined. */
  defaultFor(customerId: CustomerId, keyId: string): Promise<InstanceId | undefined>
}
