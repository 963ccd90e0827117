import { createMemoryDatabase, type MemoryDatabase } from '#core/testing/memory-database.ts'
import { createMemoryDeliveries } from '#core/testing/memory-deliveries.ts'
import { createMemoryFleet } from '#core/testing/memory-fleet.ts'
import { createMemoryInbound } from '#core/testing/memory-inbound.ts'
import { createMemoryOutbox } from '#core/testing/memory-outbox.ts'
import { createMemoryServerLeases } from '#core/testing/memory-server-leases.ts'
import { createMemoryServerSamples } from '#core/testing/memory-server-metrics.ts'
import { createMemorySessionKeys } from '#core/testing/memory-session-keys.ts'
import { createMemorySessionLeases } from '#core/testing/memory-session-leases.ts'
import { createMemorySeed } from '#core/testing/seed.ts'
import type { WorkerWorld } from './worker-world.ts'

export function createMemoryWorld(database: MemoryDatabase = createMemoryDatabase()): WorkerWorld {
  return {
    seed: createMemorySeed(database),
    serverLeases: createMemoryServerLeases(database),
    serverSamples: createMemoryServerSamples(database),
    sessionLeases: createMemorySessionLeases(database),
    fleet: createMemoryFleet(database),
    sessionKeys: createMemorySessionKeys(database),
    outbox: createMemoryOutbox(database),
    inbound: createMemoryInbound(database),
    deliveries: createMemoryDeliveries(database),
    sealSecret: async (_, secret) => ({ keyRingId: 'memory', secret: new TextEncoder().encode(secret) }),
    async reset() {
      for (const [name, rows] of Object.entries(database.tables)) if (name !== 'plans') rows.length = 0
    },
    close: async () => undefined,
  }
}
