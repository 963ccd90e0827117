import { randomUUID } from 'node:crypto'
import type { ServerId } from '#contracts/ids.ts'
import type { LeaseGrant, ServerHealth, ServerLeases } from '#core/ports/servers.ts'
import type { Log } from '#worker-node/log.ts'
import type { LeaseClock } from './lease-clock.ts'
import type { HostPresence } from './host-presence.ts'
import { pause, withTimeout } from '#worker-node/timing.ts'

/** How long the database keeps the server for this run after a renewal. */
export const leaseTtlMs = 12_000
/** From one renewal to the next, +-10% so that a fleet does not renew in step. */
export const renewEveryMs = 3_000
const renewTimeoutMs = 1_500
/** After a renewal that failed or timed out. */
const retryRenewalMs = 500
/** Without a good renewal for so long, counted from when it was sent, the worker ends its sessions by itself. */
export const selfFenceMs = 8_000
/**
 * Wall and monotonic time may drift apart by so much between two looks. More is a machine that was suspended, which the
 * monotonic clock does not count: its lease may have gone to another meanwhile.
 */
const maxDriftMs = 2_000
/** How often a suspension is looked for. */
const driftEveryMs = 500
/** A timer this late, or a renewal that took this long: the worker does not keep up, and new instances do better elsewhere. */
const degradedMs = 750
/** Between attempts to claim while another run's lease has not expired. */
const claimEveryMs = 1_000

/** Told to whoever runs sessions. */
export interface LeaseListener {
  /** A new incarnation holds the server: sessions may be acquired under it. */
  onGained(): void
  /** Everything under the last incarnation ends now, without another write. */
  onLost(): void
}

/**
 * This process's hold on its server row. A lease that is lost is never revived: the process takes a new incarnation and
 * claims again, as a fresh start would.
 */
export interface ServerLease {
  /** The run of this worker that holds the lease now; undefined while none does. */
  incarnation(): string | undefined
  /** For how long this run has held it without a break; 0 while it does not. */
  heldForMs(): number
  /** Whether the database answered the last renewal. */
  databaseReachable(): boolean
  /** Resolves when the lease is held for the first time, however long another run has it, or when stopped before. */
  start(listener: LeaseListener): Promise<void>
  /** Stops renewing and gives the lease back, so that a successor need not wait for its end. */
  stop(): Promise<void>
}

export function createServerLease(deps: {
  serverId: ServerId
  leases: ServerLeases
  clock: LeaseClock
  log: Log
  /** In [0, 1). */
  random: () => number
  /** Knows a predecessor on this host, and shows this run to a successor. */
  presence: HostPresence
}): ServerLease {
  const { serverId, leases, clock, log, presence } = deps
  const stopping = new AbortController()
  let held: string | undefined
  let heldSince = 0
  let reachable: boolean | undefined
  let keeping: Promise<void> | undefined

  /** Claims until it is granted; undefined when the worker stops first. */
  async function claim(): Promise<{ incarnation: string; sentAt: number } | undefined> {
    // Kept while there is no answer: a grant whose answer came too late is then granted again. A refused name is not used
    // again, because a lease that ran out is lost for its name.
    let incarnation = randomUUID()
    let waiting = false
    while (!stopping.signal.aborted) {
      await endDeadPredecessor()
      const sentAt = performance.now()
      const grant = await ask(() => leases.claim(serverId, incarnation, leaseTtlMs))
      if (grant !== undefined && grant !== 'no-answer') {
        clock.sync(grant.databaseTime)
        return { incarnation, sentAt }
      }
      if (grant === undefined) incarnation = randomUUID()
      if (grant === undefined && !waiting) {
        waiting = true
        log.info('Another run holds the lease of this server, or the registry does not know it; waiting.', {
          server: serverId,
        })
      }
      await pause(claimEveryMs, stopping.signal)
    }
    return undefined
  }

  /** What died on this host cannot write any more, so nobody has to wait for the end of its lease. */
  async function endDeadPredecessor(): Promise<void> {
    const dead = await presence.deadPredecessor()
    if (dead === undefined) return
    const ended = await ask(async () => {
      await leases.release(serverId, dead)
      return undefined
    })
    if (ended === 'no-answer') return
    presence.forget(dead)
    log.info('The last run on this host is dead: its lease is ended.', { server: serverId, incarnation: dead })
  }

  /** Returns when the lease is lost or the worker stops. */
  async function keep(incarnation: string, claimedAt: number): Promise<void> {
    let lastGood = claimedAt
    let good = true
    const suspended = watchForSuspension()
    let health: ServerHealth = 'healthy'
    while (!stopping.signal.aborted) {
      const leftMs = lastGood + selfFenceMs - performance.now()
      if (leftMs <= 0) return
      const waitMs = good ? renewEveryMs * (0.9 + 0.2 * deps.random()) : retryRenewalMs
      const waited = await pauseUnlessSuspended(Math.min(waitMs, leftMs), suspended)
      if (stopping.signal.aborted || waited === 'suspended') return
      if (waited.lateMs > degradedMs) health = 'degraded'
      const sentAt = performance.now()
      // A stalled process can wake up after its lease ended: only the time of sending counts.
      if (sentAt - lastGood >= selfFenceMs) return
      const fenceInMs = lastGood + selfFenceMs - sentAt
      const grant = await ask(
        () => leases.renew(serverId, incarnation, leaseTtlMs, health),
        Math.min(renewTimeoutMs, fenceInMs),
      )
      if (grant === undefined) return
      good = grant !== 'no-answer'
      if (grant === 'no-answer') continue
      health = performance.now() - sentAt > degradedMs ? 'degraded' : 'healthy'
      lastGood = sentAt
      clock.sync(grant.databaseTime)
    }
  }

  /** Waits in short steps, and tells by how much the slowest came too late. */
  async function pauseUnlessSuspended(ms: number, suspended: () => boolean): Promise<{ lateMs: number } | 'suspended'> {
    const until = performance.now() + ms
    let lateMs = 0
    for (;;) {
      const before = performance.now()
      const stepMs = Math.min(driftEveryMs, until - before)
      if (stepMs <= 0 || stopping.signal.aborted) return { lateMs }
      await pause(stepMs, stopping.signal)
      lateMs = Math.max(lateMs, performance.now() - before - stepMs)
      if (suspended()) return 'suspended'
    }
  }

  async function ask(
    request: () => Promise<LeaseGrant | undefined>,
    timeoutMs = renewTimeoutMs,
  ): Promise<LeaseGrant | undefined | 'no-answer'> {
    try {
      const grant = await withTimeout(request(), timeoutMs)
      reachable = true
      return grant
    } catch (error) {
      if (reachable !== false)
        log.warn('The database does not answer about the lease; trying again.', { server: serverId, error })
      reachable = false
      return 'no-answer'
    }
  }

  async function run(listener: LeaseListener, onFirst: () => void): Promise<void> {
    while (!stopping.signal.aborted) {
      const claimed = await claim()
      if (claimed === undefined) return
      await presence.announce(claimed.incarnation)
      held = claimed.incarnation
      heldSince = performance.now()
      log.info('The lease of this server is held.', { server: serverId, incarnation: held })
      onFirst()
      listener.onGained()
      await keep(claimed.incarnation, claimed.sentAt)
      if (stopping.signal.aborted) return
      held = undefined
      log.error('The lease of this server is lost: all sessions end now.', { server: serverId })
      listener.onLost()
    }
  }

  return {
    incarnation: () => held,
    heldForMs: () => (held === undefined ? 0 : performance.now() - heldSince),
    databaseReachable: () => reachable === true,
    start(listener) {
      return new Promise((resolve) => {
        // Also when it is stopped before the first grant: whoever waits for the start must not wait for ever.
        keeping = run(listener, resolve).then(resolve)
      })
    },
    async stop() {
      stopping.abort()
      await keeping
      await presence.withdraw()
      if (held === undefined) return
      const incarnation = held
      held = undefined
      try {
        await withTimeout(leases.release(serverId, incarnation), renewTimeoutMs)
      } catch (error) {
        log.warn('The lease was not given back; it ends by itself.', { server: serverId, error })
      }
    },
  }
}

/** Whether wall and monotonic time have drifted apart since the last call: what is fast is a step, what is slow is no matter. */
function watchForSuspension(): () => boolean {
  const wallDrift = () => Date.now() - performance.now()
  let drift = wallDrift()
  return () => {
    const before = drift
    drift = wallDrift()
    return Math.abs(drift - before) > maxDriftMs
  }
}
