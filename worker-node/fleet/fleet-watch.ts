import type { ServerId } from '#contracts/ids.ts'
import type { Fleet, ServerRun } from '#core/ports/fleet.ts'
import type { ServerStatus } from '#core/ports/servers.ts'
import { placeAll } from '#core/rules/placement.ts'
import type { ServerLease } from '#worker-node/lease/server-lease.ts'
import type { Log } from '#worker-node/log.ts'
import { startLoop, type Loop } from '#worker-node/loop.ts'
import type { SessionHost } from '#worker-node/sessions/session-host.ts'
import { pause } from '#worker-node/timing.ts'
import { takeOverOrphans } from './take-over.ts'

/**
 * A run takes over only when it has held its own lease for so long without a break: longer than a lease lasts, so that
 * after an outage of the database every server has had the time to come back for its own.
 */
export const takeOverAfterMs = 15_000
/** Between looks while the lease of another server runs out. */
const soonMs = 200
/** Between looks while a worker that ends hands its instances over. */
const leaveEveryMs = 200

/** A worker of such a server moves everything away, for as long as others take it. */
const leavesAll: readonly ServerStatus[] = ['draining', 'maintenance', 'inactive']

export interface FleetWatchDeps {
  serverId: ServerId
  fleet: Fleet
  lease: Pick<ServerLease, 'incarnation' | 'heldForMs'>
  host: Pick<SessionHost, 'hint' | 'look' | 'takeNone' | 'leaving'>
  /** Milliseconds between looks. */
  intervalMs: number
  log: Log
}

/** Looks after the instances of other servers that died, and moves the own ones away when this server is to be emptied. */
export interface FleetWatch {
  /** Look now. */
  hint(): void
  /**
   * Hands the instances over to servers with room, each when its taker has a free slot. Resolves when all are gone, when
   * nobody takes those that are left, or after `limitMs`. Never rejects.
   */
  leave(limitMs: number): Promise<void>
  stop(): Promise<void>
}

export function startFleetWatch(deps: FleetWatchDeps): FleetWatch {
  const { serverId, fleet, lease, host, log } = deps
  const ending = new AbortController()
  let soon: ReturnType<typeof setTimeout> | undefined

  function ownRun(): ServerRun | undefined {
    const incarnation = lease.incarnation()
    return incarnation === undefined ? undefined : { serverId, incarnation }
  }

  async function turn(): Promise<void> {
    const run = ownRun()
    const look = run && (await fleet.look(run))
    if (run === undefined || look === undefined || ending.signal.aborted) return
    if (look.lost && lease.heldForMs() >= takeOverAfterMs) {
      const moved = await takeOverOrphans(deps, run)
      if (moved > 0) host.hint()
    }
    if (look.expiring) {
      // Whoever of the others is quicker may place them here.
      host.hint()
      clearTimeout(soon)
      soon = setTimeout(() => loop.hint(), soonMs)
    }
    const empties = leavesAll.includes(look.status)
    if (empties || host.leaving().all > 0) await placeElsewhere(run, empties ? 'all' : 'none')
  }

  async function placeElsewhere(run: ServerRun, scope: 'all' | 'wanted' | 'none'): Promise<void> {
    const unplaced = await fleet.toPlace(run, scope)
    if (unplaced.length === 0) return
    const placed = placeAll(unplaced, await fleet.candidates())
    const moved = await fleet.place(
      run,
      placed.flatMap(({ instance: { instanceId, from }, to }) => (to === null ? [] : [{ instanceId, from, to }])),
    )
    if (moved.length === 0) return
    log.info('Instances are to be handed over.', { server: serverId, count: moved.length })
    host.hint()
  }

  async function handAllOver(limitMs: number): Promise<void> {
    const until = performance.now() + limitMs
    for (let run = ownRun(); run !== undefined && performance.now() < until; run = ownRun()) {
      await fleet.markStopping(run)
      await placeElsewhere(run, 'wanted')
      await host.look()
      if (host.leaving().pending === 0) return
      await pause(leaveEveryMs, new AbortController().signal)
    }
  }

  const loop: Loop = startLoop({ name: 'fleet', intervalMs: deps.intervalMs, run: turn, log })
  return {
    hint: () => loop.hint(),
    async leave(limitMs) {
      ending.abort()
      clearTimeout(soon)
      host.takeNone()
      await loop.stop()
      try {
        await handAllOver(limitMs)
      } catch (error) {
        log.warn('The instances could not be handed over; others take them when the lease has ended.', {
          server: serverId,
          error,
        })
      }
    },
    async stop() {
      ending.abort()
      clearTimeout(soon)
      await loop.stop()
    },
  }
}
