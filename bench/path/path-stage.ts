import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { newId, type InstanceId } from '#contracts/ids.ts'
import type { PathSizes } from '#bench/sizes.ts'
import type { Stage } from '#bench/stage/open-stage.ts'
import { startProcess } from '#bench/processes/start-process.ts'
import { forEachSome } from '#bench/subject/for-each-some.ts'
import { createEdgeDatabase } from '#db/clients/neon-http.ts'
import { createCustomers } from '#db/edge-stores/customers.ts'
import { createApiClient } from '#local/client/api-client.ts'
import { currentQr, whenConnected } from '#local/demo/pair-instance.ts'
import { createCustomer } from '#local/stack/create-customer.ts'
import { straight } from '#local/stack/reroute.ts'
import { startWorkers } from '#local/stack/start-workers.ts'
import { loadState } from '#local/stack/state.ts'
import { freePort } from '#local/testing/free-port.ts'
import type { CustomerCalls } from './customer-process.ts'
import type { EdgeCalls, ServedEdge } from './edge-process.ts'
import { openMessageLog, type MessageLog } from './message-log.ts'
import { cpuMsOf, cpuMsOfEach, type CpuByProcess } from './process-use.ts'

/** A connected instance of the customer, and numbers that it writes with. */
export interface PathInstance {
  id: InstanceId
  phoneNumber: string
  contacts: readonly string[]
}

/** Milliseconds so far: of workerd, of the worker, and of each of PostgreSQL's processes that serve connections. */
export interface CpuSoFar {
  edge: number
  worker: number
  database: CpuByProcess
}

/**
 * The product as a customer meets it: edge in workerd, one worker process, PostgreSQL, the simulator, and the customer's own
 * program, each in its own process.
 */
export interface PathStage {
  edge: ServedEdge
  passOn: EdgeCalls['startPassOn']
  customer: CustomerCalls
  apiKey: string
  instances: readonly PathInstance[]
  workerPid: number
  log: MessageLog
  cpu(): Promise<CpuSoFar>
  /** Round trips to the database so far. */
  roundTrips(): Promise<{ edge: number; worker: number }>
  /** Webhooks for these types go to the customer's program from now on. */
  subscribe(events: readonly string[]): Promise<void>
}

const pairedAtOnce = 4

export async function openPathStage(stage: Stage, sizes: PathSizes): Promise<PathStage> {
  const { simulator, database } = stage
  const dataDir = await mkdtemp(path.join(tmpdir(), 'wharf-bench-path-'))
  stage.onClose(() => rm(dataDir, { recursive: true, force: true }))
  const loaded = await loadState(dataDir)
  const state = { ...loaded, serverIds: loaded.serverIds.slice(0, 1) }

  const edgeProcess = startProcess<EdgeCalls>(new URL('./edge-process.ts', import.meta.url))
  stage.onClose(() => edgeProcess.stop())
  const edge = await edgeProcess.calls.start({
    databaseUrl: database.url,
    webhookKeyRing: state.webhookKeyRing,
    serviceTokenKey: state.serviceTokenKey,
    adminTokenKey: state.adminTokenKey,
    adminKeyRing: state.adminKeyRing,
  })
  const customerProcess = startProcess<CustomerCalls>(new URL('./customer-process.ts', import.meta.url))
  stage.onClose(() => customerProcess.stop())

  const metricsPort = await freePort()
  const fleet = await startWorkers({
    state,
    dataDir,
    databaseUrl: database.url,
    edgeUrl: edge.url,
    simulator: await simulator.address(),
    reroute: straight,
    env: { METRICS_PORT: String(metricsPort) },
    execArgv: profileArguments(stage.profileFolder),
    log: (line) => process.stderr.write(`${line}\n`),
  })
  stage.onClose(() => fleet.stop())
  const workerPid = fleet.workers[0]?.pid() ?? 0

  const customers = createCustomers(
    createEdgeDatabase({ connectionString: edge.neonConnectionString, fetchEndpoint: edge.neonFetchEndpoint }),
  )
  const { customerId, apiKey } = await createCustomer(customers, { name: 'Bench', plan: 'enterprise' })
  const api = createApiClient(edge.url, apiKey)
  const log = openMessageLog(database.url, customerId)
  stage.onClose(() => log.close())

  const instances: PathInstance[] = []
  const wanted = Array.from({ length: sizes.instances }, (_, n) => `instance ${n + 1}`)
  await forEachSome(wanted, pairedAtOnce, async (name) => {
    const { data } = await api.request<{ id: InstanceId }>('POST', '/api/v1/instances', { body: { name } })
    const [phoneNumber = '', ...contacts] = await simulator.makePhones(1 + sizes.contacts)
    await simulator.scan(phoneNumber, (await currentQr(api, data.id)).qr)
    await whenConnected(api, data.id)
    await simulator.quiet(phoneNumber)
    instances.push({ id: data.id, phoneNumber, contacts })
  })

  return {
    edge,
    passOn: () => edgeProcess.calls.startPassOn(),
    customer: customerProcess.calls,
    apiKey,
    instances,
    workerPid,
    log,
    cpu: async () => ({
      edge: await cpuMsOf(edge.pid),
      worker: await cpuMsOf(workerPid),
      database: await cpuMsOfEach(await log.backendPids()),
    }),
    roundTrips: async () => ({
      edge: await edgeProcess.calls.neonRequests(),
      worker: await statementsOf(metricsPort),
    }),
    async subscribe(events) {
      const url = await customerProcess.calls.sinkUrl()
      await api.request('POST', '/api/v1/webhooks', {
        body: { url, events },
        headers: { 'idempotency-key': newId('request') },
      })
    },
  }
}

/** The worker's own count of its round trips. */
async function statementsOf(metricsPort: number): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${metricsPort}/metrics`)
  const value = /^wharf_database_round_trips_total (\d+)/m.exec(await answer.text())?.[1]
  if (value === undefined) throw new Error('The worker does not count its round trips.')
  return Number(value)
}

/** V8 writes the profile of the worker's whole life when it ends. */
function profileArguments(folder: string | undefined): string[] {
  return folder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${folder}`]
}
