import type { ServerId } from '#contracts/ids.ts'

export interface PlacementCandidate {
  id: ServerId
  region: string
  maxCapacity: number
  /** Instances placed there that are not deleted. */
  instances: number
  /** The server's worker holds a lease now. */
  live: boolean
}

/** The edge's view of the registry. */
export interface Servers {
  /** Servers that take new instances (status `active`). */
  placementCandidates(): Promise<PlacementCandidate[]>
}

/** Told by the database at each claim and renewal: its clock is the only one that decides about leases. */
export interface LeaseGrant {
  databaseTime: Date
}

/** A worker's hold on its own server row. */
export interface ServerLeases {
  /**
   * Takes the lease for a new run of the worker. Undefined while another run holds a lease that has not expired, or when
   * the server is not in the registry.
   */
  claim(serverId: ServerId, incarnation: string, ttlMs: number): Promise<LeaseGrant | undefined>
  /** Undefined = lost: it expired or another run has it. A lost lease is never revived. */
  renew(serverId: ServerId, incarnation: string, ttlMs: number): Promise<LeaseGrant | undefined>
  /** Gives the lease back, so that the next run need not wait for its end. */
  release(serverId: ServerId, incarnation: string): Promise<void>
  /** Registers a server with its figures, or updates them; used where the registry is made by hand (local stack, tests). */
  register(server: { id: ServerId; name: string; url: string; region: string; maxCapacity: number }): Promise<void>
}
