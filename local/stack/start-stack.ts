import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { createEdgeDatabase } from '#db/clients/neon-http.ts'
import { createCustomers } from '#db/edge-stores/customers.ts'
import type { Customers } from '#core/ports/customers.ts'
import type { LocalDatabase } from '#local/database/local-database.ts'
import { startDatabase } from '#local/database/start-database.ts'
import { fireCrons } from '#local/edge/fire-crons.ts'
import { startEdge, type LocalEdge } from '#local/edge/start-edge.ts'
import type { LocalRedis } from '#local/redis/local-redis.ts'
import { startRedis } from '#local/redis/start-redis.ts'
import { startSink, type WebhookSink } from '#local/sink/start-sink.ts'
import { UserError } from '#local/user-error.ts'
import { MigrationRefused } from '#migrations/connect.ts'
import { migrateUp } from '#migrations/migrate.ts'
import type { Simulator } from '#simulator/api.ts'
import { startSimulator } from '#simulator/start-simulator.ts'
import { describeWhatsapp } from './local-overrides.ts'
import { openPages } from './open-pages.ts'
import { publishAddresses } from './addresses.ts'
import { openLogFile } from './log-file.ts'
import type { Progress } from './progress.ts'
import { straight, type Reroute } from './reroute.ts'
import { startWorkers } from './start-workers.ts'
import { loadState, type StackState } from './state.ts'
import { stopAll, type Stoppable } from './stop-all.ts'
import type { WorkerProcess } from './worker-process.ts'

export interface StackOptions {
  /** Keeps everything between starts: database, simulator, secrets, logs. */
  dataDir: string
  /** Port of the API; 0 or none takes a free one. */
  port?: number | undefined
  /** A PostgreSQL instead of PGlite. */
  databaseUrl?: string | undefined
  /** A Redis instead of the in-memory engine. */
  redisUrl?: string | undefined
  /** `live` connects to WhatsApp itself, without virtual phones. */
  whatsapp?: 'simulator' | 'live' | undefined
  /** How many workers a new folder gets; two unless told. */
  workers?: number | undefined
  /** Serves the dashboard's pages beside the API; builds them if need be. */
  dashboard?: boolean | undefined
  /** For tests: another entry file for the worker processes. */
  workerEntry?: string | undefined
  /** For tests: what their environment holds beside the worker's own variables. */
  workerEnv?: Record<string, string> | undefined
  /** For tests: authorities of workers' certificates that the edge trusts beside the public ones, as PEM. */
  trustedCertificates?: string[] | undefined
  /** For tests: other ways between the parts. */
  reroute?: Reroute | undefined
  /** Told of what goes wrong after the start, one line each. */
  log?: ((line: string) => void) | undefined
}

/** The whole product on this machine. */
export interface Stack {
  /** Address of the API. */
  readonly url: string
  readonly dataDir: string
  readonly state: StackState
  readonly database: LocalDatabase
  readonly redis: LocalRedis
  /** Undefined when the stack talks to WhatsApp itself. */
  readonly simulator: Simulator | undefined
  readonly edge: LocalEdge
  readonly workers: readonly WorkerProcess[]
  readonly sink: WebhookSink
  readonly customers: Customers
  /** Ends everything that was started, newest first. May be called twice. */
  stop(): Promise<void>
}

/** Starts every part, one after the other; when one fails, those before it are stopped and the failure is thrown. */
export async function startStack(options: StackOptions, progress: Progress): Promise<Stack> {
  const { dataDir, reroute = straight, log = () => {} } = options
  const started: Stoppable[] = []
  const part = async <T extends Stoppable>(
    name: string,
    start: () => Promise<T>,
    describe: (part: T) => string,
  ): Promise<T> => {
    const running = await progress.step(name, start, describe)
    started.push(running)
    return running
  }
  let stopped: Promise<void> | undefined
  const stop = () => (stopped ??= stopAll(started))

  try {
    await makeFolder(dataDir)
    const state = await loadState(dataDir, options.workers)
    const logTo = (file: string) => {
      const logFile = openLogFile(path.join(dataDir, 'logs', file))
      started.push(logFile)
      return logFile.line
    }

    const database = await part(
      'database',
      () => startDatabase({ dataDir: path.join(dataDir, 'database'), url: options.databaseUrl, log }),
      ({ kind }) => (kind === 'pglite' ? `PGlite in ${path.join(dataDir, 'database')}` : 'PostgreSQL at DATABASE_URL'),
    )
    await progress.step(
      'migrations',
      () => migrate(database.url),
      (applied) => (applied.length === 0 ? 'nothing to apply' : `${applied.length} applied`),
    )
    const redis = await part(
      'redis',
      () => startRedis({ url: options.redisUrl, token: state.redisToken, log }),
      ({ kind }) => (kind === 'memory' ? 'in memory' : 'Redis at REDIS_URL'),
    )
    const simulator =
      options.whatsapp === 'live'
        ? undefined
        : await part(
            'whatsapp simulator',
            () =>
              startSimulator({ dataDir: path.join(dataDir, 'simulator'), controlPort: 0, log: logTo('simulator.log') }),
            ({ controlUrl }) => `control API at ${controlUrl}`,
          )
    const edgeDatabase = createEdgeDatabase({
      connectionString: database.neonConnectionString,
      fetchEndpoint: database.neonFetchEndpoint,
    })
    const pages =
      options.dashboard === true
        ? await progress.step(
            'dashboard',
            () => openPages({ state, simulator, edgeDatabase, edgeUrl: () => edge.url }),
            () => 'built, at the address of the edge',
          )
        : undefined
    const neonFetchEndpoint = await reroute('edge-database', database.neonFetchEndpoint)
    const redisUrl = await reroute('edge-redis', redis.restUrl)
    const edge: LocalEdge = await part(
      'edge',
      () =>
        startEdge({
          port: options.port ?? 0,
          databaseUrl: database.neonConnectionString,
          neonFetchEndpoint,
          redis: { url: redisUrl, token: redis.token },
          webhookKeyRing: state.webhookKeyRing,
          serviceTokenKey: state.serviceTokenKey,
          adminTokenKey: state.adminTokenKey,
          adminKeyRing: state.adminKeyRing,
          pages,
          trustedCertificates: options.trustedCertificates,
          log: logTo('edge.log'),
        }),
      ({ url }) => url,
    )
    started.push(fireCrons(edge, log))
    const fleet = await part(
      'workers',
      () =>
        startWorkers({
          state,
          dataDir,
          databaseUrl: database.url,
          edgeUrl: edge.url,
          simulator,
          entry: options.workerEntry,
          env: options.workerEnv,
          reroute,
          log,
        }),
      ({ workers }) => `${workers.length} processes, logs in ${path.join(dataDir, 'logs')}`,
    )
    const sink = await part(
      'webhook sink',
      () => startSink(),
      ({ url }) => url,
    )

    started.push(
      await publishAddresses(dataDir, {
        api: edge.url,
        databaseUrl: database.url,
        whatsapp: describeWhatsapp(simulator),
      }),
    )
    return {
      url: edge.url,
      dataDir,
      state,
      database,
      redis,
      simulator,
      edge,
      workers: fleet.workers,
      sink,
      customers: createCustomers(edgeDatabase),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new UserError(`The folder ${folder} cannot be made: ${(error as Error).message}.`, { cause: error })
  }
}

async function migrate(databaseUrl: string): Promise<string[]> {
  try {
    return await migrateUp(databaseUrl)
  } catch (error) {
    throw error instanceof MigrationRefused ? new UserError(error.message, { cause: error }) : error
  }
}
