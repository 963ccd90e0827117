import type { CustomerId, InstanceId, ServerId } from '#contracts/ids.ts'
import type { DesiredStatus, InstanceState, StateReason } from '#contracts/instance-states.ts'

/**
 * The right of one worker run to write for one instance. Every write that only a session may do carries it; the database
 * refuses the write once the epoch has moved on.
 */
export interface Fence {
  instanceId: InstanceId
  epoch: number
  incarnation: string
}

/** Thrown or returned by nobody but the stores: the fence no longer holds, so the session must end without another write. */
export class FencedOut extends Error {
  constructor(fence: Fence) {
    super(`The session of ${fence.instanceId} is no longer owned under epoch ${fence.epoch}.`)
    this.name = 'FencedOut'
  }
}

/** An instance that is placed on a server, as the worker there sees it at each look. */
export interface Assignment {
  instanceId: InstanceId
  customerId: CustomerId
  /** `stopped` also when the customer is suspended or the instance is deleted. */
  desired: DesiredStatus
  state: InstanceState
  reason: StateReason | null
  phoneNumber: string | null
  /** Another server when this run still owns what was placed elsewhere: it is to be handed over. */
  placedOn: ServerId
  /** Set when this run of the worker owns it. */
  fence: Fence | undefined
}

/** What is told of a session's state; the phone number and LID only when they became known. */
export interface StateReport {
  state: InstanceState
  reason: StateReason | null
  phoneNumber?: string
  lid?: string
}

/** A QR code that a session shows now; who holds its text can link a phone until then. */
export interface ShownQr {
  qr: string
  expiresAt: Date
}

/** Ownership and state of sessions, for the worker. */
export interface SessionLeases {
  /**
   * Every instance that this worker run should look at: those placed here and wanted, those that it still owns, and those
   * placed here that `settleStopped` has work with. One query, however many there are.
   */
  assignments(serverId: ServerId, incarnation: string): Promise<Assignment[]>
  /** Raises the epoch of those that are placed here, wanted and not owned by this run; returns what was acquired. */
  acquire(serverId: ServerId, incarnation: string, instanceIds: readonly InstanceId[]): Promise<Fence[]>
  release(fence: Fence): Promise<void>
  /**
   * Writes state and reason and, when either changed, the event `instance.state_changed` with its deliveries, in one
   * transaction. Throws FencedOut.
   */
  reportState(fence: Fence, report: StateReport): Promise<void>
  /** Writes the event `instance.qr` with its deliveries. Throws FencedOut. */
  reportQr(fence: Fence, shown: ShownQr): Promise<void>
  /** An instance that nobody owns and nobody wants becomes `stopped`, unless its state is final already. With the event. */
  settleStopped(serverId: ServerId, instanceId: InstanceId): Promise<void>
}
