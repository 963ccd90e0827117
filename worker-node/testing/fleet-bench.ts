import type { InstanceId, ServerId } from '#contracts/ids.ts'
import { createMemoryDatabase, type MemoryDatabase } from '#core/testing/memory-database.ts'
import { createMemoryFleet } from '#core/testing/memory-fleet.ts'
import { createMemoryServerLeases } from '#core/testing/memory-server-leases.ts'
import { createMemorySessionKeys } from '#core/testing/memory-session-keys.ts'
import { createMemorySessionLeases } from '#core/testing/memory-session-leases.ts'
import { createMemorySeed, seedCustomer, seedInstance, seedServer, type Seed } from '#core/testing/seed.ts'
import { startFleetWatch, type FleetWatch } from '#worker-node/fleet/fleet-watch.ts'
import { noPresence } from '#worker-node/lease/host-presence.ts'
import { createLeaseClock } from '#worker-node/lease/lease-clock.ts'
import { createServerLease, type ServerLease } from '#worker-node/lease/server-lease.ts'
import { silentLog } from '#worker-node/log.ts'
import { createSessionHost, type SessionHost } from '#worker-node/sessions/session-host.ts'
import { createStartGate } from '#worker-node/sessions/start-gate.ts'
import { pause } from '#worker-node/timing.ts'
import { createScriptedDriver, type ScriptedDriver } from './scripted-driver.ts'

/** A worker of which only lease, sessions and fleet watch exist. */
export interface BenchWorker {
  serverId: ServerId
  lease: ServerLease
  host: SessionHost
  driver: ScriptedDriver
  /** Undefined until the first lease is held. */
  watch: () => FleetWatch | undefined
  /** What `kill -9` does: nothing of it runs any more, and nothing was given back. */
  kill(): void
  /** As on SIGTERM. */
  end(): Promise<void>
}

/** Several workers on one database in memory, whose connections to WhatsApp open by themselves. */
export interface FleetBench {
  database: MemoryDatabase
  seed: Seed
  /** Makes the database answer nothing, or again. */
  setDatabaseAway(away: boolean): void
  addServer(values?: Parameters<typeof seedServer>[1]): Promise<ServerId>
  /** Starts a run of the server's worker. */
  run(serverId: ServerId): BenchWorker
  addInstances(serverId: ServerId, count: number): Promise<InstanceId[]>
  placementOf(id: InstanceId): ServerId | undefined
  /** States with reasons, of all instances. */
  states(): string[]
  stopAll(): Promise<void>
}

export async function createFleetBench(): Promise<FleetBench> {
  const database = createMemoryDatabase()
  const seed = createMemorySeed(database)
  const customerId = await seedCustomer(seed)
  const workers: BenchWorker[] = []
  let away = false

  /** The store, for one process that may be dead and a database that may be away. */
  function within<Store extends object>(store: Store, dead: () => boolean): Store {
    const methods = Object.entries(store).map(([name, method]) => [
      name,
      (...args: unknown[]) => {
        if (dead()) return new Promise(() => {})
        if (away) return Promise.reject(new Error('connection refused'))
        return (method as (...all: unknown[]) => Promise<unknown>)(...args)
      },
    ])
    return Object.fromEntries(methods) as Store
  }

  function run(serverId: ServerId): BenchWorker {
    let killed = false
    const dead = () => killed
    const driver = createScriptedDriver()
    const fleet = within(createMemoryFleet(database), dead)
    const lease = createServerLease({
      serverId,
      leases: within(createMemoryServerLeases(database), dead),
      clock: createLeaseClock(),
      log: silentLog,
      random: () => 0.5,
      presence: noPresence,
    })
    const host = createSessionHost({
      serverId,
      leases: within(createMemorySessionLeases(database), dead),
      keys: within(createMemorySessionKeys(database), dead),
      driver: {
        open(session, listener) {
          const connection = driver.open(session, listener)
          setTimeout(() => !killed && driver.newest(session.instanceId).open(), 50)
          return connection
        },
      },
      gate: createStartGate(50, () => 0.5),
      lease: { incarnation: () => (killed ? undefined : lease.incarnation()) },
      fleet,
      clock: { now: () => new Date() },
      log: silentLog,
      random: () => 0.5,
      reconcileIntervalMs: 1_000,
      observer: { onConnected: () => {}, onReceipt: async () => true, onJournaled: () => {}, onReported: () => {} },
    })
    let watch: FleetWatch | undefined
    void lease.start({ onGained: () => host.hint(), onLost: () => host.fence() }).then(() => {
      host.start()
      watch = startFleetWatch({ serverId, fleet, lease, host, intervalMs: 1_000, log: silentLog })
    })
    const worker: BenchWorker = {
      serverId,
      lease,
      host,
      driver,
      watch: () => watch,
      kill() {
        killed = true
      },
      async end() {
        if (killed) return
        await watch?.leave(22_000)
        await watch?.stop()
        await host.stop()
        await lease.stop()
        killed = true
      },
    }
    workers.push(worker)
    return worker
  }

  return {
    database,
    seed,
    setDatabaseAway(is) {
      away = is
    },
    addServer: (values = {}) => seedServer(seed, { incarnation: null, leaseExpiresAt: null, ...values }),
    run,
    addInstances: (serverId, count) =>
      Promise.all(
        Array.from({ length: count }, () =>
          seedInstance(
            seed,
            { customerId, serverId },
            { state: 'disconnected', reason: 'moved' },
            { ownerIncarnation: null },
          ),
        ),
      ),
    placementOf: (id) => database.tables.instanceLeases.find(({ instanceId }) => instanceId === id)?.serverId,
    states: () =>
      database.tables.instances.map(({ state, reason }) => (reason === null ? state : `${state}/${reason}`)),
    async stopAll() {
      away = false
      await Promise.all(workers.map((worker) => worker.end()))
      await pause(0, new AbortController().signal)
    },
  }
}
