import pg from 'pg'
import { newKeyRingSpec } from '#db/crypto/key-ring.ts'
import { createSqlSeed } from '#db/testing/sql-seed.ts'
import { createAdminTokens } from '#edge/adapters/admin-tokens.ts'
import { createPairingLinks } from '#edge/adapters/pairing-links.ts'
import type { LogRecord } from '#edge/log.ts'
import { startEdge, type LocalEdge, type LocalEdgeOptions } from '#local/edge/start-edge.ts'
import type { LocalRedis } from '#local/redis/local-redis.ts'
import { openTestDatabase, type TestDatabase } from '#local/testing/test-databases.ts'
import { openTestRedis } from '#local/testing/test-redis.ts'
import { startFakeWorker, type FakeWorker } from './start-fake-worker.ts'
import { startSwitch, type Switch } from './start-switch.ts'
import { newSigningKey, testDashboard } from './test-config.ts'
import type { TestEdge } from './test-edge.ts'

export interface WorkerdEdge extends TestEdge {
  edge: LocalEdge
  database: TestDatabase
  redis: LocalRedis
  worker: FakeWorker
  /** What the edge reaches database and Redis through. */
  neighbours: { database: Switch; redis: Switch }
}

/** The edge in workerd, with PGlite, Redis in memory and a fake worker over HTTP. */
export async function openWorkerdEdge(options: Partial<LocalEdgeOptions> = {}): Promise<WorkerdEdge> {
  const log: LogRecord[] = []
  const [database, redis] = await Promise.all([openTestDatabase('pglite'), openTestRedis('memory')])
  const neighbours = {
    database: await startSwitch(database.neonFetchEndpoint),
    redis: await startSwitch(redis.restUrl),
  }
  const pool = new pg.Pool({ connectionString: database.url, max: 1 })
  const adminTokenKey = await newSigningKey('admin-key')
  const edge = await startEdge({
    databaseUrl: database.neonConnectionString,
    neonFetchEndpoint: neighbours.database.url,
    redis: { url: neighbours.redis.url, token: redis.token },
    webhookKeyRing: newKeyRingSpec(),
    serviceTokenKey: await newSigningKey(),
    adminTokenKey: { ...adminTokenKey },
    adminKeyRing: newKeyRingSpec(),
    dashboardOrigin: testDashboard,
    // workerd adds remarks of its own, such as of requests that were given up: those are no records of the edge.
    log: (line) => void (line.startsWith('{') && log.push(JSON.parse(line) as LogRecord)),
    ...options,
  })
  const worker = await startFakeWorker(() => edge.url)
  return {
    edge,
    database,
    redis,
    worker,
    neighbours,
    workerUrl: worker.url,
    seed: createSqlSeed(pool),
    log,
    adminTokens: createAdminTokens(adminTokenKey, () => new Date()),
    pairingLinks: createPairingLinks(adminTokenKey, () => new Date()),
    request: (path, init) => fetch(edge.url + path, { ...init, headers: withClientAddress(init?.headers) }),
    async close() {
      await edge.stop()
      await worker.stop()
      await pool.end()
      await Promise.all([neighbours.database.stop(), neighbours.redis.stop()])
      await Promise.all([database.close(), redis.stop()])
    },
  }
}

let clients = 0

/** Each request comes from an address of its own unless it says from which, so that no suite runs into limits by address. */
function withClientAddress(given: RequestInit['headers']): Headers {
  const headers = new Headers(given)
  const client = clients++
  if (!headers.has('x-local-client-address')) {
    headers.set('x-local-client-address', `10.${(client >> 16) & 255}.${(client >> 8) & 255}.${client & 255}`)
  }
  return headers
}
