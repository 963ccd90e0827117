import type { InstanceId, ServerId } from '#contracts/ids.ts'
import type { MessageStatus } from '#contracts/message-status.ts'
import type { ServerRun } from '#core/ports/fleet.ts'
import type { Fence } from '#core/ports/session-leases.ts'
import type { MemoryDatabase } from '#core/testing/memory-database.ts'
import { takesInstances } from '#core/testing/memory-placement.ts'
import { takeOverAfterMs } from '#worker-node/fleet/fleet-watch.ts'
import type { Machine, VirtualTime } from './virtual-time.ts'

/** A promise of the product that did not hold. */
export class BrokenPromise extends Error {}

/**
 * Stands at the database and looks at every commit: what must hold at each moment is checked there, against the rows
 * themselves and not against what the stores say about them.
 */
export interface Watch {
  /** Runs one statement and looks at what it did. */
  execute(machine: Machine, name: string, args: unknown[], run: () => Promise<unknown>): Promise<unknown>
  /** The first promise that was broken. */
  broken(): BrokenPromise | undefined
  accuse(what: string): void
}

/** A status may only move to the right, and never out of the last ones, except that a late receipt proves a delivery. */
const order: Record<MessageStatus, number> = {
  queued: 0,
  sending: 1,
  sent: 2,
  delivered: 3,
  read: 4,
  failed: 9,
  expired: 9,
  cancelled: 9,
  received: 9,
}

export function createWatch(database: MemoryDatabase, time: VirtualTime): Watch {
  const { tables } = database
  const statuses = new Map<string, MessageStatus>()
  const owners = new Map<InstanceId, { epoch: number; owner: string | null; serverId: ServerId }>()
  const incarnations = new Map<string, string | null>()
  const ended = new Set<string>()
  const bornAt = new Map<string, number>()
  let first: BrokenPromise | undefined

  function accuse(what: string): void {
    time.tell(() => `BROKEN PROMISE: ${what}`)
    first ??= new BrokenPromise(`${what} (at ${(time.now / 1_000).toFixed(3)} s)`)
  }

  function lookAtMessages(): void {
    for (const { id, status, failure } of tables.messages) {
      const before = statuses.get(id)
      if (before === status) continue
      statuses.set(id, status)
      const proven = before === 'failed' && failure === null && (status === 'delivered' || status === 'read')
      if (before !== undefined && order[status] <= order[before] && !proven) {
        accuse(`the status of a message went back from ${before} to ${status}`)
      }
      if (before === undefined && status === 'sending') accuse('a message began as sending')
    }
  }

  function lookAtOwners(): void {
    for (const { instanceId, serverId, epoch, ownerIncarnation: owner } of tables.instanceLeases) {
      const before = owners.get(instanceId)
      owners.set(instanceId, { epoch, owner, serverId })
      if (before === undefined) continue
      if (before.serverId !== serverId && isInService(before.serverId)) {
        accuse('an instance was moved away from a live server')
      }
      if (epoch < before.epoch) accuse('an epoch went back')
      if (owner !== null && owner !== before.owner && epoch === before.epoch) {
        accuse('an instance changed hands without a new epoch')
      }
      // A late claim may bring back a name that nobody answers to any more: that costs one lease's time and no more.
      if (owner !== null && owner !== before.owner && ended.has(owner)) {
        accuse('an instance was acquired under a lease that was lost')
      }
    }
  }

  /** Holds its lease and was not told to give its instances away. */
  function isInService(serverId: ServerId): boolean {
    const server = tables.servers.find(({ id }) => id === serverId)
    return server !== undefined && takesInstances(database, server)
  }

  /** Who has not held its own lease for long may not judge others: they may be coming back from the same outage. */
  function lookAtTaker(run: ServerRun, moved: readonly unknown[]): void {
    const ageMs = time.now - (bornAt.get(run.incarnation) ?? time.now)
    if (moved.length > 0 && ageMs < takeOverAfterMs) accuse(`a worker took over after ${Math.round(ageMs)} ms`)
  }

  function lookAtServers(): void {
    for (const { id, incarnation } of tables.servers) {
      const before = incarnations.get(id) ?? null
      if (before === incarnation) continue
      incarnations.set(id, incarnation)
      if (before !== null) ended.add(before)
      if (incarnation !== null) bornAt.set(incarnation, time.now)
    }
  }

  return {
    async execute(machine, name, args, run) {
      const fence = fenceOf(args[0])
      const holds = fence === undefined || holdsNow(database, fence)
      try {
        const result = await run()
        if (!holds && name !== 'release') accuse(`${machine.name} committed ${name} under an epoch that was over`)
        if (name === 'takeOver') lookAtTaker(args[0] as ServerRun, result as unknown[])
        return result
      } catch (error) {
        if (fence !== undefined && holds && (error as Error).name === 'FencedOut') {
          accuse(`${machine.name} was fenced out of what it owns, at ${name}`)
        }
        throw error
      } finally {
        lookAtMessages()
        lookAtOwners()
        lookAtServers()
      }
    },
    broken: () => first,
    accuse,
  }
}

function fenceOf(value: unknown): Fence | undefined {
  return typeof value === 'object' && value !== null && 'epoch' in value && 'incarnation' in value
    ? (value as Fence)
    : undefined
}

function holdsNow({ tables }: MemoryDatabase, { instanceId, epoch, incarnation }: Fence): boolean {
  const lease = tables.instanceLeases.find((row) => row.instanceId === instanceId)
  return lease?.epoch === epoch && lease.ownerIncarnation === incarnation
}
