import path from 'node:path'
import { drizzle } from 'drizzle-orm/node-postgres'
import { createPool } from '#db/clients/pg-pool.ts'
import { createServerLeases } from '#db/worker-stores/server-leases.ts'
import { actingAs } from '#local/database/acting-as.ts'
import { freePort } from '#local/testing/free-port.ts'
import { databaseRoles } from '#migrations/grants.ts'
import type { Simulator } from '#simulator/api.ts'
import { describeWhatsapp } from './local-overrides.ts'
import type { Reroute } from './reroute.ts'
import type { StackState } from './state.ts'
import { startWorkerProcess, type WorkerProcess } from './worker-process.ts'

interface FleetOptions {
  state: StackState
  dataDir: string
  /** As the owner, who registers servers. The workers act in their own role. */
  databaseUrl: string
  edgeUrl: string
  simulator: Pick<Simulator, 'url' | 'rootPublicKey'> | undefined
  /** Entry file of the worker processes; the local stack's unless told. */
  entry?: string | undefined
  reroute: Reroute
  /** Beside what a worker needs, or instead of it. */
  env?: Record<string, string> | undefined
  /** Options of Node for the worker processes. */
  execArgv?: readonly string[] | undefined
  log: (line: string) => void
}

/** The workers of the local stack. */
export interface Fleet {
  workers: readonly WorkerProcess[]
  stop(): Promise<void>
}

const capacityPerServer = 500

/** Registers one server per worker and starts them side by side; all run when it resolves. */
export async function startWorkers(options: FleetOptions): Promise<Fleet> {
  const { state, databaseUrl, reroute } = options
  const servers = await Promise.all(
    state.serverIds.map(async (id, index) => {
      const port = await freePort()
      const url = await reroute('edge-worker', `http://127.0.0.1:${port}`, index)
      return { id, name: `local-${index + 1}`, port, url, env: await workerEnvironment(options, id, port, index) }
    }),
  )
  await register(databaseUrl, servers)

  const starts = await Promise.allSettled(
    servers.map(({ id, name, env }) =>
      startWorkerProcess({
        serverId: id,
        env: { ...env, ...options.env },
        entry: options.entry,
        execArgv: options.execArgv,
        logFile: path.join(options.dataDir, 'logs', `worker-${name}.log`),
        log: options.log,
      }),
    ),
  )
  const workers = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []))
  const stop = async () => {
    await Promise.all(workers.map((worker) => worker.stop()))
  }
  const failure = starts.find((start) => start.status === 'rejected')
  if (failure !== undefined) {
    await stop()
    throw failure.reason
  }
  return { workers, stop }
}

async function register(
  databaseUrl: string,
  servers: { id: StackState['serverIds'][number]; name: string; url: string }[],
) {
  const pool = createPool({ databaseUrl, max: 1 })
  try {
    const leases = createServerLeases(drizzle({ client: pool }))
    for (const { id, name, url } of servers) {
      await leases.register({
        id,
        // Unique in the registry also when several stacks share one PostgreSQL.
        name: `${name}-${id.slice(-6)}`,
        url,
        region: 'local',
        maxCapacity: capacityPerServer,
      })
    }
  } finally {
    await pool.end()
  }
}

async function workerEnvironment(
  { state, dataDir, databaseUrl, edgeUrl, simulator, reroute }: FleetOptions,
  serverId: string,
  port: number,
  index: number,
): Promise<Record<string, string>> {
  return {
    SERVER_ID: serverId,
    HOST: '127.0.0.1',
    PORT: String(port),
    DATABASE_URL: await reroute('worker-database', actingAs(databaseUrl, databaseRoles.worker), index),
    EDGE_JWKS_URL: `${edgeUrl}/.well-known/jwks.json`,
    SESSION_KEY_RING: state.sessionKeyRing,
    WEBHOOK_KEY_RING: state.webhookKeyRing,
    DATA_DIR: path.join(dataDir, 'workers', serverId),
    LOG_LEVEL: 'info',
    // A free port each; the worker's log names it.
    METRICS_PORT: '0',
    WHARF_LOCAL_WHATSAPP: describeWhatsapp(
      simulator && { ...simulator, url: await reroute('worker-whatsapp', simulator.url, index) },
    ),
  }
}
