import { eventDataSchemas } from '#contracts/events.ts'
import type { CustomerId, InstanceId, ServerId } from '#contracts/ids.ts'
import { createMemoryDatabase, type MemoryDatabase } from '#core/testing/memory-database.ts'
import type { MemoryRows } from '#core/testing/memory-rows.ts'
import { createMemoryFleet } from '#core/testing/memory-fleet.ts'
import { createMemorySessionKeys } from '#core/testing/memory-session-keys.ts'
import { createMemorySessionLeases } from '#core/testing/memory-session-leases.ts'
import { createMemorySeed, seedCustomer, seedInstance, seedServer, type Seed } from '#core/testing/seed.ts'
import type { SessionKeys } from '#core/ports/session-keys.ts'
import type { SessionLeases } from '#core/ports/session-leases.ts'
import { silentLog } from '#worker-node/log.ts'
import { createSessionHost, type SessionHost, type SessionHostDeps } from '#worker-node/sessions/session-host.ts'
import { createStartGate } from '#worker-node/sessions/start-gate.ts'
import { createScriptedDriver, type ScriptedDriver } from './scripted-driver.ts'

const presented = eventDataSchemas['instance.state_changed']

/** A session host on the fakes, for one server whose worker run is `run-1`. */
export interface HostBench {
  database: MemoryDatabase
  seed: Seed
  leases: SessionLeases
  keys: SessionKeys
  driver: ScriptedDriver
  host: SessionHost
  serverId: ServerId
  customerId: CustomerId
  /** Everything that the observer was told, as `<what> <instance>`. */
  told: string[]
  /** An instance that is placed here and owned by nobody. */
  addInstance(values?: Partial<MemoryRows['instances']>): Promise<InstanceId>
  instance(id: InstanceId): MemoryRows['instances']
  lease(id: InstanceId): MemoryRows['instanceLeases']
  /** `state` or `state/reason` of each event of the instance, oldest first. */
  history(id: InstanceId): string[]
}

export async function createHostBench(overrides: Partial<SessionHostDeps> = {}): Promise<HostBench> {
  const database = createMemoryDatabase()
  const seed = createMemorySeed(database)
  const leases = createMemorySessionLeases(database)
  const keys = createMemorySessionKeys(database)
  const driver = createScriptedDriver()
  const serverId = await seedServer(seed, { leaseExpiresAt: new Date(Date.now() + 24 * 60 * 60_000) })
  const customerId = await seedCustomer(seed)
  const told: string[] = []
  const host = createSessionHost({
    serverId,
    leases,
    keys,
    driver,
    gate: createStartGate(1_000),
    lease: { incarnation: () => 'run-1' },
    fleet: createMemoryFleet(database),
    clock: { now: () => new Date() },
    log: silentLog,
    random: () => 0.5,
    reconcileIntervalMs: 1_000,
    observer: {
      onConnected: ({ instanceId }) => told.push(`connected ${instanceId}`),
      async onReceipt({ instanceId }, { status }) {
        told.push(`${status} ${instanceId}`)
        return true
      },
      onJournaled: ({ instanceId }) => told.push(`journaled ${instanceId}`),
      onReported: () => {},
    },
    ...overrides,
  })
  return {
    database,
    seed,
    leases,
    keys,
    driver,
    host,
    serverId,
    customerId,
    told,
    addInstance: (values = {}) =>
      seedInstance(
        seed,
        { customerId, serverId },
        { state: 'created', phoneNumber: null, ...values },
        { ownerIncarnation: null },
      ),
    instance: (id) => theOne(database.tables.instances, (row) => row.id === id),
    lease: (id) => theOne(database.tables.instanceLeases, (row) => row.instanceId === id),
    history: (id) =>
      database.tables.events
        .filter(({ type, instanceId }) => type === 'instance.state_changed' && instanceId === id)
        .map(({ data }) => presented.parse(data))
        .map(({ state, reason }) => (reason === null ? state : `${state}/${reason}`)),
  }
}

function theOne<T>(rows: readonly T[], matches: (row: T) => boolean): T {
  const row = rows.find(matches)
  if (row === undefined) throw new Error('No such row.')
  return row
}
