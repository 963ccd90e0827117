import type { InstanceId, ServerId } from '#contracts/ids.ts'
import type { InstanceState } from '#contracts/instance-states.ts'
import type { Fleet } from '#core/ports/fleet.ts'
import type { Assignment, Fence, SessionLeases } from '#core/ports/session-leases.ts'
import { restsUntilAsked } from '#core/rules/resting-state.ts'
import type { ServerLease } from '#worker-node/lease/server-lease.ts'
import { startLoop, type Loop } from '#worker-node/loop.ts'
import { createHandOvers, type LeavingSession } from './hand-overs.ts'
import type { SessionDeps } from './session-deps.ts'
import { Session } from './session.ts'

/** Between looks while instances come or go, so that none is without a session for longer than it must. */
const busyIntervalMs = 200

export interface SessionHostDeps extends Omit<SessionDeps, 'leases'> {
  serverId: ServerId
  leases: SessionLeases
  lease: Pick<ServerLease, 'incarnation'>
  fleet: Pick<Fleet, 'arrivals'>
  /** Milliseconds between looks at what is placed here. */
  reconcileIntervalMs: number
}

/**
 * Makes the sessions of this worker be what the database says they should be: one look a second, and one at every hint.
 * The table of assignments is the truth; what is in memory follows it.
 */
export interface SessionHost {
  /** Begins to look; sessions start as soon as a lease is held. */
  start(): void
  /** Undefined when this worker does not own the instance. */
  session(instanceId: InstanceId): Session | undefined
  sessions(): Session[]
  /** Something about the instance changed: look now. A resting session that is wanted starts again. */
  sync(instanceId: InstanceId): void
  /** Look now. */
  hint(): void
  /** One look, after those that run already. Rejects when the database does not answer. */
  look(): Promise<void>
  /** From now on nothing is acquired: this worker is about to end. */
  takeNone(): void
  /** Sessions that are placed elsewhere, and of those how many are let go or wait for a free slot of a server that takes them. */
  leaving(): { all: number; pending: number }
  /** The server's lease is lost: all sessions end without another write. */
  fence(): void
  /** No further look; hands every session over, each in its own time. */
  stop(): Promise<void>
  /** How many sessions are in each state. */
  counts(): Partial<Record<InstanceState, number>>
}

export function createSessionHost(deps: SessionHostDeps): SessionHost {
  const { serverId, leases, lease, log } = deps
  const sessions = new Map<InstanceId, Session>()
  /** Instances whose customer asked for a look: a resting session among them starts. */
  const asked = new Set<InstanceId>()
  const handOvers = createHandOvers(deps)
  let leavingNow: LeavingSession[] = []
  let taking = true
  let looking: Promise<unknown> = Promise.resolve()
  let soon: ReturnType<typeof setTimeout> | undefined
  let loop: Loop | undefined

  function look(): Promise<void> {
    const turn = looking.then(reconcile)
    looking = turn.catch(() => {})
    return turn
  }

  function lookAgainSoon(): void {
    clearTimeout(soon)
    soon = setTimeout(() => loop?.hint(), busyIntervalMs)
  }

  async function reconcile(): Promise<void> {
    const incarnation = lease.incarnation()
    if (incarnation === undefined) return
    // Only here and before the query: a session that ends while the query runs must not be taken for a missing one.
    for (const session of sessions.values()) if (session.ended) sessions.delete(session.instanceId)
    const askedNow = new Set(asked)
    const assignments = await leases.assignments(serverId, incarnation)
    if (lease.incarnation() !== incarnation) return

    const placed = new Map(assignments.map((assignment) => [assignment.instanceId, assignment]))
    for (const session of sessions.values()) if (!placed.has(session.instanceId)) session.abandon()
    const missing = assignments.filter(({ instanceId }) => !sessions.has(instanceId))
    for (const assignment of assignments) {
      const session = sessions.get(assignment.instanceId)
      if (session !== undefined) follow(session, assignment, askedNow.has(assignment.instanceId))
    }
    for (const instanceId of askedNow) asked.delete(instanceId)
    await settle(missing.filter(({ desired }) => desired === 'stopped'))
    const arriving = missing.filter(({ desired }) => desired === 'running')
    const adopted = taking ? await adopt(arriving, incarnation, askedNow) : arriving.length
    await letGo(placed)
    if (adopted < arriving.length || handOvers.pending() > 0) lookAgainSoon()
  }

  async function letGo(placed: ReadonlyMap<InstanceId, Assignment>): Promise<void> {
    leavingNow = [...sessions.values()].flatMap((session) => {
      const assignment = placed.get(session.instanceId)
      const leaves = assignment?.desired === 'running' && assignment.placedOn !== serverId && !session.ended
      return leaves ? [{ session, to: assignment.placedOn }] : []
    })
    await handOvers.turn(leavingNow)
  }

  /** Brings a session that exists to what its assignment says. */
  function follow(session: Session, assignment: Assignment, askedFor: boolean): void {
    if (session.ended) return
    if (!sameFence(assignment.fence, session.fence)) return session.abandon()
    if (assignment.desired === 'stopped') background(session.stop(), session.instanceId)
    else if (askedFor && session.resting) session.start()
    else session.confirm(assignment)
  }

  /** Instances that nobody wants and that have no session here: their state must not go on saying otherwise. */
  async function settle(unwanted: readonly Assignment[]): Promise<void> {
    for (const { instanceId, fence } of unwanted) {
      if (fence !== undefined) await leases.release(fence)
      await leases.settleStopped(serverId, instanceId)
    }
  }

  /** Takes what is wanted and has no session yet, and starts it unless it rests until the customer asks. How many it took. */
  async function adopt(
    wanted: readonly Assignment[],
    incarnation: string,
    askedNow: ReadonlySet<InstanceId>,
  ): Promise<number> {
    const unowned = wanted.filter(({ fence }) => fence === undefined).map(({ instanceId }) => instanceId)
    const acquired = unowned.length === 0 ? [] : await leases.acquire(serverId, incarnation, unowned)
    if (lease.incarnation() !== incarnation) return wanted.length
    const fences = new Map(acquired.map((fence) => [fence.instanceId, fence]))
    let adopted = 0
    for (const assignment of wanted) {
      const fence = assignment.fence ?? fences.get(assignment.instanceId)
      if (fence === undefined) continue
      const session = new Session(assignment, fence, deps)
      sessions.set(assignment.instanceId, session)
      adopted += 1
      if (restsUntilAsked(assignment.state, assignment.reason) && !askedNow.has(assignment.instanceId)) continue
      session.start()
    }
    if (acquired.length > 0) log.info('Instances were acquired.', { server: serverId, count: acquired.length })
    return adopted
  }

  function background(work: Promise<void>, instance: InstanceId): void {
    work.catch((error: unknown) => log.warn('A session did not stop cleanly.', { instance, error }))
  }

  return {
    start() {
      loop = startLoop({ name: 'session', intervalMs: deps.reconcileIntervalMs, run: look, log })
    },
    session(instanceId) {
      const session = sessions.get(instanceId)
      return session === undefined || session.ended ? undefined : session
    },
    sessions: () => [...sessions.values()].filter((session) => !session.ended),
    sync(instanceId) {
      asked.add(instanceId)
      loop?.hint()
    },
    hint: () => loop?.hint(),
    look,
    takeNone() {
      taking = false
    },
    leaving: () => ({
      all: leavingNow.filter(({ session }) => !session.ended).length,
      pending: handOvers.pending(),
    }),
    fence() {
      for (const session of sessions.values()) session.abandon()
    },
    async stop() {
      clearTimeout(soon)
      await loop?.stop()
      await looking
      clearTimeout(soon)
      await Promise.allSettled([...sessions.values()].map((session) => session.handOver()))
    },
    counts() {
      const counts: Partial<Record<InstanceState, number>> = {}
      for (const { state, ended } of sessions.values()) if (!ended) counts[state] = (counts[state] ?? 0) + 1
      return counts
    },
  }
}

function sameFence(one: Fence | undefined, other: Fence): boolean {
  return one?.epoch === other.epoch && one.incarnation === other.incarnation
}
