import type { InstanceId, ServerId } from '#contracts/ids.ts'
import type { Move, PlacementCandidate, ServerStatus } from './servers.ts'

/** A run of a worker and the server that it holds. */
export interface ServerRun {
  serverId: ServerId
  incarnation: string
}

/** What a worker sees at each look at the fleet. */
export interface FleetLook {
  /** Of its own server. */
  status: ServerStatus
  /** Instances are placed on a server whose lease ended more than a second ago. */
  lost: boolean
  /** Such a lease ended moments ago, or is about to because nobody renews it: look again soon. */
  expiring: boolean
}

/** An instance that has to be placed anew. */
export interface Unplaced {
  instanceId: InstanceId
  /** Where it is placed now. */
  from: ServerId
  /** Of that server: sessions stay in their region where they can. */
  region: string
}

/** An orphan with its new server; null when none has room. */
export type TakeOver = Omit<Move, 'to'> & { to: ServerId | null }

/**
 * The servers together, as a worker sees them: who died, what was left behind, where there is room. A server counts as
 * gone when its lease has been over for a second, whether it died, gave the lease back or never had one.
 */
export interface Fleet {
  /** Undefined when this run does not hold its server's lease. One query, however large the fleet. */
  look(run: ServerRun): Promise<FleetLook | undefined>
  /**
   * Ends the leases of servers that are gone on their own rows, so that their runs can never renew again. Nothing unless
   * this run holds its own lease. Returns the servers whose leases it was that ended.
   */
  endDeadLeases(run: ServerRun): Promise<ServerId[]>
  /**
   * Instances on servers that are gone and whose leases are ended, which no live run owns: the wanted ones, and those that
   * are not but whose state does not say so.
   */
  orphans(limit: number): Promise<Unplaced[]>
  /** Servers that take instances now. */
  candidates(): Promise<PlacementCandidate[]>
  /**
   * Moves orphans, while this run holds its lease and never beyond a new server's capacity. The dead run is fenced out and
   * the wanted ones become `disconnected` for the reason `worker-lost`, or `no-capacity` without a new server, with their
   * events, in the same transaction. A row that a stopped process holds locked is left for the next time. Returns the
   * moved ones.
   */
  takeOver(run: ServerRun, orphans: readonly TakeOver[]): Promise<InstanceId[]>
  /**
   * What this run has to place elsewhere: with `scope` `all` or `wanted` what is placed on its server, and always what it
   * owns that is placed on a server that takes nothing now.
   */
  toPlace(run: ServerRun, scope: 'all' | 'wanted' | 'none'): Promise<Unplaced[]>
  /**
   * As `Servers.place`, by the workers themselves: nobody is to be named in the audit log. Nothing unless this run holds its
   * lease, so that an order that arrives late does not take instances from the run after it.
   */
  place(run: ServerRun, moves: readonly Move[]): Promise<InstanceId[]>
  /**
   * How many instances are on their way to a connection at each of these servers; those that take nothing now are left
   * out.
   */
  arrivals(serverIds: readonly ServerId[]): Promise<Map<ServerId, number>>
  /** This run is about to end: from now on nothing is placed on its server. */
  markStopping(run: ServerRun): Promise<void>
}
