import { readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { runner } from 'node-pg-migrate'
import type pg from 'pg'
import { connect, MigrationRefused } from './connect.ts'
import { applyGrants } from './grants.ts'

export interface MigrationStatus {
  /** Names of the migrations that the database has, oldest first. */
  applied: string[]
  /** Names of those that it still needs, in the order in which they would run. */
  pending: string[]
  /** Names of those that it has and this checkout does not: somebody has migrated it with a newer one. */
  ahead: string[]
}

type Log = (line: string) => void

/** The database's list of what was applied. It stays when everything is undone. */
export const ledgerTable = 'schema_migrations'

const folder = fileURLToPath(new URL('.', import.meta.url))
const migrationFile = /^\d{4}_[a-z0-9_]+\.sql$/

/**
 * Applies what is missing, all of it or nothing, and then the grants of the roles, which are of the code that runs and not of
 * one migration. Returns the names of what was applied now.
 */
export async function migrateUp(databaseUrl: string, log?: Log): Promise<string[]> {
  return withClient(databaseUrl, async (client) => {
    const applied = await run(client, 'up', Number.POSITIVE_INFINITY, log)
    await grant(client)
    return applied
  })
}

/** Undoes the last `count` migrations, or all; newest first, all of them or nothing. Returns the names of what was undone. */
export async function migrateDown(
  databaseUrl: string,
  how: { count: number } | { all: true },
  log?: Log,
): Promise<string[]> {
  const count = 'all' in how ? Number.POSITIVE_INFINITY : how.count
  return withClient(databaseUrl, (client) => run(client, 'down', count, log))
}

export async function migrationStatus(databaseUrl: string): Promise<MigrationStatus> {
  return withClient(databaseUrl, async (client) => {
    const applied = await appliedNames(client)
    const known = (await readdir(folder)).filter((name) => migrationFile.test(name)).toSorted()
    const names = known.map((name) => name.slice(0, -'.sql'.length))
    return {
      applied,
      pending: names.filter((name) => !applied.includes(name)),
      ahead: applied.filter((name) => !names.includes(name)),
    }
  })
}

/** Two runs at once wait for each other: the library holds an advisory lock of this connection meanwhile. */
async function run(client: pg.Client, direction: 'up' | 'down', count: number, log: Log = () => undefined) {
  try {
    const done = await runner({
      dbClient: client,
      dir: folder,
      // The folder holds the code that applies the migrations too.
      ignorePattern: `(?!${migrationFile.source.slice(1)}).*`,
      migrationsTable: ledgerTable,
      direction,
      count,
      singleTransaction: true,
      advisoryLockMode: 'wait',
      logger: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: log },
    })
    for (const { name } of done) log(`${direction === 'up' ? 'applied' : 'undone'} ${name}`)
    return done.map(({ name }) => name)
  } catch (error) {
    const what = direction === 'up' ? 'applied' : 'undone'
    const reason = error instanceof Error ? error.message : String(error)
    throw new MigrationRefused(`No migration was ${what}: ${reason}`, { cause: error })
  }
}

async function grant(client: pg.Client): Promise<void> {
  try {
    await applyGrants(client)
  } catch (error) {
    throw new MigrationRefused(`The roles' grants were not applied: ${(error as Error).message}`, { cause: error })
  }
}

async function appliedNames(client: pg.Client): Promise<string[]> {
  const { rows: found } = await client.query<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [
    `public.${ledgerTable}`,
  ])
  if (found[0]?.there !== true) return []
  const { rows } = await client.query<{ name: string }>(`SELECT name FROM ${ledgerTable} ORDER BY id`)
  return rows.map(({ name }) => name)
}

async function withClient<T>(databaseUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = await connect(databaseUrl)
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
