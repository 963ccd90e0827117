import { randomBytes } from 'node:crypto'
import path from 'node:path'
import { databaseRoles } from '#migrations/grants.ts'
import { actingAs } from './acting-as.ts'
import type { LocalDatabase, LocalDatabaseOptions } from './local-database.ts'
import { lockFolder } from './lock-folder.ts'
import { startNeonEndpoint } from './neon-endpoint.ts'
import { openPglite, prepareFolder } from './open-pglite.ts'
import { startPgliteWireServer } from './pglite-wire-server.ts'

interface Backend {
  kind: LocalDatabase['kind']
  url: string
  stop: () => Promise<void>
}

const idleTransactionTimeoutMs = 5_000

/**
 * Starts the database of the local stack: PGlite in a folder or in memory, or a real PostgreSQL by its address, with Neon's
 * HTTP protocol in front. Both kinds stand behind the same Neon endpoint, which speaks Postgres' wire protocol to either.
 */
export async function startDatabase(options: LocalDatabaseOptions = {}): Promise<LocalDatabase> {
  const { url, neonPort = 0, edgeRole, log } = options
  const backend: Backend =
    url === undefined ? await startPglite(options) : { kind: 'postgres', url, stop: () => Promise.resolve() }
  const password = randomBytes(16).toString('hex')
  try {
    const edgeUrl = edgeRole === 'owner' ? backend.url : actingAs(backend.url, databaseRoles.edge)
    const neon = await startNeonEndpoint({ databaseUrl: edgeUrl, password, port: neonPort, log })
    return {
      kind: backend.kind,
      url: backend.url,
      workerUrl: actingAs(backend.url, databaseRoles.worker),
      neonFetchEndpoint: `http://127.0.0.1:${neon.port}/sql`,
      neonConnectionString: `postgres://wharf:${password}@local-database.invalid:${neon.port}/wharf`,
      neonRequests: neon.requests,
      neonStatements: neon.statements,
      async stop() {
        await neon.stop()
        await backend.stop()
      },
    }
  } catch (error) {
    await backend.stop()
    throw error
  }
}

/** The port is taken before the folder: the folder's lock names it as the sign of life. */
async function startPglite({ dataDir, dump, port = 0, log }: LocalDatabaseOptions): Promise<Backend> {
  const wire = await startPgliteWireServer({ port, idleTransactionTimeoutMs, log })
  let unlock = () => Promise.resolve()
  try {
    const folder = dataDir === undefined ? undefined : path.resolve(dataDir)
    if (folder !== undefined) {
      await prepareFolder(folder)
      unlock = await lockFolder(folder, wire.port)
    }
    const engine = await openPglite(folder, dump)
    await wire.serve(engine)
    let stopped: Promise<void> | undefined
    const stop = () =>
      (stopped ??= wire
        .stop()
        .then(() => engine.close())
        .then(unlock))
    return { kind: 'pglite', url: `postgres://postgres@127.0.0.1:${wire.port}/postgres`, stop }
  } catch (error) {
    await wire.stop()
    await unlock()
    throw error
  }
}
