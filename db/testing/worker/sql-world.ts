import { drizzle } from 'drizzle-orm/node-postgres'
import type pg from 'pg'
import { createPool } from '#db/clients/pg-pool.ts'
import { createKeyRing, newKeyRingSpec } from '#db/crypto/key-ring.ts'
import { sealText } from '#db/crypto/sealed-text.ts'
import { createSqlSeed } from '#db/testing/sql-seed.ts'
import { createDeliveries } from '#db/worker-stores/deliveries.ts'
import { createFleet } from '#db/worker-stores/fleet.ts'
import { createInbound } from '#db/worker-stores/inbound.ts'
import { createOutbox } from '#db/worker-stores/outbox.ts'
import { createServerLeases } from '#db/worker-stores/server-leases.ts'
import { createServerSamples } from '#db/worker-stores/server-samples.ts'
import { createSessionKeys } from '#db/worker-stores/session-keys.ts'
import { createSessionLeases } from '#db/worker-stores/session-leases.ts'
import type { WorkerDatabase } from '#db/worker-stores/worker-database.ts'
import { openTestDatabase, type TestDatabase, type TestDatabaseKind } from '#local/testing/test-databases.ts'
import type { WorkerWorld } from './worker-world.ts'

/** The real stores, with what tests need to look beneath them. */
export interface SqlWorld extends WorkerWorld {
  testDatabase: TestDatabase
  /** As the owner of the database, who may look at and change everything. */
  pool: pg.Pool
  /** What the stores use: in the role of the workers. */
  workerPool: pg.Pool
  database: WorkerDatabase
  /** Endpoints that were reported because their secret cannot be opened. */
  unreadable: string[]
  sessionRingSpec: string
}

/** Children before parents. */
const tablesToEmpty = [
  'idempotent_requests',
  'delivery_attempts',
  'deliveries',
  'events',
  'webhook_endpoints',
  'messages',
  'inbound_journal',
  'contact_numbers',
  'undecryptable_messages',
  'session_keys',
  'session_credentials',
  'instance_counters',
  'instance_leases',
  'usage_days',
  'api_keys',
  'instances',
  'server_minutes',
  'servers',
  'customers',
]

export async function openSqlWorld(kind: TestDatabaseKind): Promise<SqlWorld> {
  const testDatabase = await openTestDatabase(kind)
  const pool = createPool({ databaseUrl: testDatabase.url })
  const workerPool = createPool({ databaseUrl: testDatabase.workerUrl })
  const database = drizzle({ client: workerPool })
  const sessionRingSpec = newKeyRingSpec()
  const webhookRing = createKeyRing(newKeyRingSpec())
  const unreadable: string[] = []
  return {
    testDatabase,
    pool,
    workerPool,
    database,
    unreadable,
    sessionRingSpec,
    seed: createSqlSeed(pool),
    // Servers are registered by the owner: the local stack at its start.
    serverLeases: {
      ...createServerLeases(database),
      register: (server) => createServerLeases(drizzle({ client: pool })).register(server),
    },
    serverSamples: createServerSamples(database),
    sessionLeases: createSessionLeases(database),
    fleet: createFleet(database),
    sessionKeys: createSessionKeys(database, createKeyRing(sessionRingSpec)),
    outbox: createOutbox(database),
    inbound: createInbound(database),
    deliveries: createDeliveries(database, {
      keyRing: webhookRing,
      onUnreadableSecret: (endpointId) => unreadable.push(endpointId),
    }),
    async sealSecret(endpointId, secret) {
      const { keyRingId, sealed } = await sealText(webhookRing, endpointId, secret)
      return { keyRingId, secret: sealed }
    },
    async reset() {
      await pool.query(tablesToEmpty.map((table) => `DELETE FROM ${table}`).join(';'))
    },
    async close() {
      await workerPool.end()
      await pool.end()
      await testDatabase.close()
    },
  }
}
