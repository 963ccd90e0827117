import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import type { CustomerId, InstanceId, ServerId } from '#contracts/ids.ts'
import { seedCustomer, seedInstance, seedServer, type Seed } from '#core/testing/seed.ts'
import { newKeyRingSpec } from '#db/crypto/key-ring.ts'
import { createSqlSeed } from '#db/testing/sql-seed.ts'
import { actingAs } from '#local/database/acting-as.ts'
import { waitFor } from '#local/testing/wait-for.ts'
import { databaseRoles } from '#migrations/grants.ts'
import type { Phone, Simulator } from '#simulator/api.ts'
import { startSimulator } from '#simulator/start-simulator.ts'
import { startTcpProxy, type TcpProxy } from '#local/testing/tcp-proxy.ts'

/** One server whose worker is a process that can be killed and started again. */
export interface FleetServer {
  id: ServerId
  /** The run of now; undefined when none was started since the last one ended. */
  process: ChildProcess | undefined
  /** Resolves when the run holds the lease. */
  start(): Promise<void>
  /** Resolves when it has ended. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>
  /** Everything that its runs have logged. */
  log(): Promise<string>
}

/** Servers with real worker processes, before one database and one simulator. The edge is not there. */
export interface ProcessFleet {
  seed: Seed
  pool: pg.Pool
  simulator: Simulator
  customerId: CustomerId
  servers: FleetServer[]
  /** The workers' way to the database; the tests' own does not pass it. */
  proxy: TcpProxy
  /** Pairs new instances with new phones on the server, which has to run. */
  addInstances(server: FleetServer, count: number): Promise<{ instanceId: InstanceId; phone: Phone }[]>
  /**
   * The instances that a live run of the server owns and that are connected; with `since` only those that became so after
   * it, by the database's clock: a new owner finds the state that the last one left.
   */
  connectedAt(server: FleetServer, since?: Date): Promise<InstanceId[]>
  stop(): Promise<void>
}

const entry = fileURLToPath(new URL('../../local/bin/local-worker.ts', import.meta.url))

export async function startProcessFleet(databaseUrl: string, serverCount: number): Promise<ProcessFleet> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 2 })
  const seed = createSqlSeed(pool)
  const simulator = await startSimulator()
  const folder = await mkdtemp(path.join(tmpdir(), 'wharf-fleet-'))
  const { hostname, port } = new URL(databaseUrl)
  const proxy = await startTcpProxy({ host: hostname, port: Number(port) })
  const viaProxy = new URL(actingAs(databaseUrl, databaseRoles.worker))
  Object.assign(viaProxy, { hostname: '127.0.0.1', port: String(proxy.port) })
  const customerId = await seedCustomer(seed)
  const common = {
    DATABASE_URL: viaProxy.href,
    // Nobody commands these workers.
    EDGE_JWKS_URL: 'http://127.0.0.1:9/.well-known/jwks.json',
    SESSION_KEY_RING: newKeyRingSpec(),
    WEBHOOK_KEY_RING: newKeyRingSpec(),
    PORT: '0',
    WHARF_LOCAL_WHATSAPP: JSON.stringify({
      url: simulator.url,
      rootPublicKey: Buffer.from(simulator.rootPublicKey).toString('base64'),
    }),
  }

  async function addServer(): Promise<FleetServer> {
    const id = await seedServer(seed, { incarnation: null, leaseExpiresAt: null })
    const logFile = path.join(folder, `${id}.log`)
    const server: FleetServer = {
      id,
      process: undefined,
      async start() {
        const log = openSync(logFile, 'a')
        const child = fork(entry, [], {
          execArgv: ['--import', 'tsx'],
          env: {
            PATH: process.env['PATH'],
            HOME: process.env['HOME'],
            ...common,
            SERVER_ID: id,
            DATA_DIR: path.join(folder, id),
          },
          stdio: ['ignore', log, log, 'ipc'],
        })
        closeSync(log)
        server.process = child
        const ended = once(child, 'exit').then(async () => {
          throw new Error(`The worker ended at its start: ${(await server.log()).slice(-2_000)}`)
        })
        ended.catch(() => {})
        await Promise.race([once(child, 'message'), ended])
      },
      async end(signal) {
        const child = server.process
        server.process = undefined
        if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
        const gone = once(child, 'exit')
        child.kill(signal)
        await gone
      },
      log: () => readFile(logFile, 'utf8'),
    }
    return server
  }
  const servers: FleetServer[] = []
  for (let count = 0; count < serverCount; count += 1) servers.push(await addServer())

  async function pair(server: FleetServer): Promise<{ instanceId: InstanceId; phone: Phone }> {
    const values = { state: 'created', phoneNumber: null } as const
    const phone = await simulator.makePhone()
    const instanceId = await seedInstance(seed, { customerId, serverId: server.id }, values, { ownerIncarnation: null })
    const shown = await waitFor(async () => (await seed.rows('events', { instanceId, type: 'instance.qr' }))[0], {
      what: `a QR code of ${instanceId}`,
      timeoutMs: 30_000,
    })
    await phone.scan(String(shown.data.qr))
    return { instanceId, phone }
  }

  const fleet: ProcessFleet = {
    seed,
    pool,
    simulator,
    customerId,
    servers,
    proxy,
    async addInstances(server, count) {
      const added = []
      for (let made = 0; made < count; made += 5) {
        const batch = Array.from({ length: Math.min(5, count - made) }, () => pair(server))
        added.push(...(await Promise.all(batch)))
      }
      const all = added.map(({ instanceId }) => instanceId)
      await waitFor(
        async () => {
          const connected = new Set(await fleet.connectedAt(server))
          return all.every((id) => connected.has(id))
        },
        { what: 'the new instances to be connected', timeoutMs: 60_000, intervalMs: 100 },
      )
      return added
    },
    async connectedAt(server, since = new Date(0)) {
      const { rows } = await pool.query<{ instance_id: InstanceId }>(
        `SELECT l.instance_id
        FROM instance_leases l JOIN instances i ON i.id = l.instance_id
        JOIN servers s ON s.incarnation = l.owner_incarnation AND s.lease_expires_at > clock_timestamp()
        WHERE s.id = $1 AND i.state = 'connected' AND i.state_changed_at > $2`,
        [server.id, since],
      )
      return rows.map((row) => row.instance_id)
    },
    async stop() {
      await Promise.all(servers.map((server) => server.end('SIGKILL')))
      await simulator.stop()
      await proxy.stop()
      await pool.end()
      await rm(folder, { recursive: true, force: true })
    },
  }
  return fleet
}
