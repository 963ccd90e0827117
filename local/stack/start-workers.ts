import path from 'node:path'
import { drizzle } from 'drizzle-orm/node-postgres'
import { createPool } from '#db/clients/pg-pool.ts'
import { createServerLeases } from '#db/worker-stores/server-leases.ts'
import { freePort } from '#local/testing/free-port.ts'
import type { Simulator } from '#simulator/api.ts'
import type { StackState } from './state.ts'
import { startWorkerProcess, type WorkerProcess } from './worker-process.ts'

interface FleetOptions {
  state: StackState
  dataDir: string
  databaseUrl: string
  edgeUrl: string
  simulator: Simulator | undefined
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
  const { state, databaseUrl } = options
  const servers = await Promise.all(
    state.serverIds.map(async (id, index) => ({ id, name: `local-${index + 1}`, port: await freePort() })),
  )
  await register(databaseUrl, servers)

  const starts = await Promise.allSettled(
    servers.map(({ id, name, port }) =>
      startWorkerProcess({
        serverId: id,
        env: workerEnvironment(options, id, port),
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
  servers: { id: StackState['serverIds'][number]; name: string; port: number }[],
) {
  const pool = createPool({ databaseUrl, max: 1 })
  try {
    const leases = createServerLeases(drizzle({ client: pool }))
    for (const { id, name, port } of servers) {
      await leases.register({
        id,
        // Unique in the registry also when several stacks share one PostgreSQL.
        name: `${name}-${id.slice(-6)}`,
        url: `http://127.0.0.1:${port}`,
        region: 'local',
        maxCapacity: capacityPerServer,
      })
    }
  } finally {
    await pool.end()
  }
}

function workerEnvironment(
  { state, databaseUrl, edgeUrl, simulator }: FleetOptions,
  serverId: string,
  port: number,
): Record<string, string> {
  return {
    SERVER_ID: serverId,
    HOST: '127.0.0.1',
    PORT: String(port),
    DATABASE_URL: databaseUrl,
    EDGE_JWKS_URL: `${edgeUrl}/.well-known/jwks.json`,
    SESSION_KEY_RING: state.sessionKeyRing,
    WEBHOOK_KEY_RING: state.webhookKeyRing,
    LOG_LEVEL: 'info',
    // A free port each; the worker's log names it.
    METRICS_PORT: '0',
    WHARF_LOCAL_WHATSAPP:
      simulator === undefined
        ? 'live'
        : JSON.stringify({
            url: simulator.url,
            rootPublicKey: Buffer.from(simulator.rootPublicKey).toString('base64'),
          }),
  }
}
