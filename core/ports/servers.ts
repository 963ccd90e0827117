import type { InstanceId, ServerId } from '#contracts/ids.ts'
import type { AuditEntry } from './audit-log.ts'
import type { ServerCheck } from './server-checks.ts'
import type { PageRequest, TablePage } from './table.ts'

/** Only `active` takes instances; what is placed on servers of the other statuses is moved away. */
export type ServerStatus = 'provisioning' | 'active' | 'draining' | 'maintenance' | 'inactive' | 'error'

/** What a worker's run says of itself: `degraded` when its event loop or its way to the database is slow. */
export type ServerHealth = 'healthy' | 'degraded'

export interface PlacementCandidate {
  id: ServerId
  region: string
  maxCapacity: number
  /** Instances placed there that are not deleted. */
  instances: number
  /** The server's worker holds a lease now and is not about to end. */
  live: boolean
  health: ServerHealth
}

/** An order that an instance be placed elsewhere. Whoever owns it hands it over; whoever it is placed on acquires it. */
export interface Move {
  instanceId: InstanceId
  /** Where it is placed now: an order that comes too late changes nothing. */
  from: ServerId
  to: ServerId
}

/** What admins say of a server. */
export interface ServerFigures {
  name: string
  url: string
  region: string
  ipAddress: string | null
  provider: string | null
  maxCapacity: number
  cpuCores: number | null
  ramGb: number | null
  /** In whatever currency the operator counts. */
  costPerMonth: number | null
}

/** A server as operators see it, with how far a move of its instances has come. */
export interface ServerOverview extends ServerFigures {
  id: ServerId
  status: ServerStatus
  /** In words for people; null where the status says it all. */
  statusReason: string | null
  /** What its worker said when it enrolled; null until then. */
  workerVersion: string | null
  enrolledAt: Date | null
  health: ServerHealth
  /** How its worker looks from the edge; null until it was called. */
  edgeCheck: ServerCheck | null
  /** The worker's run that holds the lease now; null when none does. */
  incarnation: string | null
  /** The run is about to end and hands its instances over. */
  stopping: boolean
  /** Instances that are not deleted: placed here, and those of them that are wanted. */
  placed: number
  wanted: number
  /** Owned by the run that holds the lease: in all, and those of them that are placed elsewhere and wait to be handed over. */
  owned: number
  leaving: number
  /** Placed here, wanted, and not owned by the run that holds the lease. */
  arriving: number
  /** Placed here and connected, according to their state. */
  connected: number
  /** What the drain that goes on began with: instances that were placed here or owned by its worker. */
  drain: { startedAt: Date; instances: number } | null
  createdAt: Date
}

export interface ServerFilter {
  status?: ServerStatus
  region?: string
  /** How the name begins, in any case, or a whole id. */
  q?: string
  /** Utilisation is the share of the capacity that is placed there. */
  sort: { by: 'createdAt' | 'name' | 'utilisation'; descending: boolean }
}

export interface StatusChange {
  to: ServerStatus
  from: readonly ServerStatus[]
  reason: string | null
}

/** An instance on a server that takes instances, for a plan that moves some. */
export interface PlacedInstance {
  instanceId: InstanceId
  serverId: ServerId
  /** A session that nobody would miss for a second: not connected. */
  idle: boolean
  /** Grows with each message of the whole service: the instance with the smallest was used longest ago. 0 = never. */
  lastMessage: number
}

/** A server of the registry and where it is reached. */
export interface ServerAddress {
  id: ServerId
  url: string
  /** The run of its worker that holds the lease; null when none does now. */
  incarnation: string | null
}

/** The edge's view of the registry. */
export interface Servers {
  /** Every server that is not deleted. */
  addresses(): Promise<ServerAddress[]>
  /** Servers that take new instances (status `active`). */
  placementCandidates(): Promise<PlacementCandidate[]>
  /** Those that are not deleted; one query. */
  list(filter: ServerFilter, page: PageRequest): Promise<TablePage<ServerOverview>>
  /** Undefined when it is unknown or deleted. */
  get(id: ServerId): Promise<ServerOverview | undefined>
  /**
   * Changes the status if it is one of `from` now; else it writes no entry and a drain goes on as it was. Returns the
   * status that the server then has; undefined when there is no such server.
   */
  setStatus(id: ServerId, change: StatusChange, audit: AuditEntry): Promise<ServerStatus | undefined>
  /** What is placed, and not deleted, on servers that take instances now. */
  placedInstances(): Promise<PlacedInstance[]>
  /** Where the instance is placed, whoever's it is; undefined when there is none, or it was deleted. */
  placementOf(instanceId: InstanceId): Promise<ServerId | undefined>
  /**
   * Places instances elsewhere, each only while it is placed where the order says and its new server takes instances and
   * has room. Returns those that were; the entry is written when there is one.
   */
  place(moves: readonly Move[], audit: AuditEntry): Promise<InstanceId[]>
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
  renew(serverId: ServerId, incarnation: string, ttlMs: number, health?: ServerHealth): Promise<LeaseGrant | undefined>
  /**
   * Ends a lease, so that the next run need not wait: a run's own at its end, or that of a predecessor that is known to
   * be dead. Nothing when another run holds it.
   */
  release(serverId: ServerId, incarnation: string): Promise<void>
  /** Registers a server with its figures, or updates them; used where the registry is made by hand (local stack, tests). */
  register(server: { id: ServerId; name: string; url: string; region: string; maxCapacity: number }): Promise<void>
}
