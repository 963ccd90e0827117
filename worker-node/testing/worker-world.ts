import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { z } from 'zod'
import { newId, type CustomerId, type InstanceId, type MessageId, type ServerId } from '#contracts/ids.ts'
import type { MessageContent } from '#contracts/message-content.ts'
import type { WorkerCommand } from '#contracts/worker-protocol.ts'
import { selfSender } from '#core/ports/messages.ts'
import { newWaMessageId } from '#core/rules/wa-message-id.ts'
import { seedCustomer, seedInstance, seedServer, type Seed } from '#core/testing/seed.ts'
import { createKeyRing, newKeyRingSpec } from '#db/crypto/key-ring.ts'
import { sealText } from '#db/crypto/sealed-text.ts'
import { createSqlSeed } from '#db/testing/sql-seed.ts'
import { startSink, type WebhookSink } from '#local/sink/start-sink.ts'
import { openTestDatabase, type TestDatabase } from '#local/testing/test-databases.ts'
import { waitFor } from '#local/testing/wait-for.ts'
import type { Phone, Simulator } from '#simulator/api.ts'
import { startSimulator } from '#simulator/start-simulator.ts'
import type { Worker } from '#worker-node/assemble-worker.ts'
import type { WorkerConfig } from '#worker-node/config.ts'
import { createWorker } from '#worker-node/create-worker.ts'
import { createEdgeSigner, type EdgeSigner } from './edge-tokens.ts'

/** A database, a simulator, a webhook sink, an edge that is only its keys, and one server that workers can serve. */
export interface WorkerWorld {
  database: TestDatabase
  seed: Seed
  simulator: Simulator
  sink: WebhookSink
  edge: EdgeSigner
  config: WorkerConfig
  customerId: CustomerId
  serverId: ServerId
  /** Every line that a worker of this world logged, at level `debug`. */
  logLines: string[]
  /** Made, not started; stopped at the end of the world if it is not before. */
  makeWorker(changes?: Partial<WorkerConfig>): Promise<Worker>
  /** An instance that is placed on the server and wanted. */
  addInstance(): Promise<InstanceId>
  /** Asks the running worker as the edge would, with a token for this request unless one is given. */
  command(
    worker: Pick<Worker, 'url'>,
    instanceId: InstanceId,
    command: WorkerCommand,
    fields?: object,
    token?: string,
  ): Promise<{ status: number; body: unknown }>
  /** Scans the QR codes of the instance until it is connected. */
  pair(worker: Worker, instanceId: InstanceId, phone: Phone): Promise<void>
  /** Puts a text into the outbox. */
  queueText(instanceId: InstanceId, to: string, body: string): Promise<MessageId>
  /** The same with any content, also one that the edge would refuse. */
  queueContent(instanceId: InstanceId, to: string, content: object): Promise<MessageId>
  waitForState(instanceId: InstanceId, state: string): Promise<void>
  stop(): Promise<void>
}

const qrAnswer = z.object({ data: z.object({ qr: z.string() }) })

export async function makeWorkerWorld(): Promise<WorkerWorld> {
  const database = await openTestDatabase('pglite')
  const pool = new pg.Pool({ connectionString: database.url, max: 2 })
  const seed = createSqlSeed(pool)
  const simulator = await startSimulator()
  const sink = await startSink()
  const edge = await createEdgeSigner()
  const keyServer = await serveKeys(edge)
  const dataDir = await mkdtemp(path.join(tmpdir(), 'wharf-run-'))
  const serverId = await seedServer(seed, { incarnation: null, leaseExpiresAt: null })
  const customerId = await seedCustomer(seed)
  const config: WorkerConfig = {
    databaseUrl: database.workerUrl,
    serverId,
    host: '127.0.0.1',
    port: 0,
    edgeJwksUrl: `http://127.0.0.1:${(keyServer.address() as AddressInfo).port}/`,
    dataDir,
    sessionKeyRing: newKeyRingSpec(),
    webhookKeyRing: newKeyRingSpec(),
    logLevel: 'debug',
    metrics: { host: '127.0.0.1', port: 0 },
  }
  await addEndpoint(seed, customerId, config, sink)
  const workers: Worker[] = []
  const logLines: string[] = []

  const world: WorkerWorld = {
    database,
    seed,
    simulator,
    sink,
    edge,
    config,
    customerId,
    serverId,
    logLines,
    async makeWorker(changes = {}) {
      const worker = await createWorker(
        { ...config, ...changes },
        {
          whatsapp: simulator,
          allowLoopbackWebhooks: true,
          handshakesPerSecond: 50,
          newChatsPerMinute: null,
          logTo: { write: (line) => void logLines.push(line) },
          timings: { reconcileIntervalMs: 100, outboxIntervalMs: 100, dispatchIntervalMs: 100 },
        },
      )
      workers.push(worker)
      return worker
    },
    addInstance: () =>
      seedInstance(seed, { customerId, serverId }, { state: 'created', phoneNumber: null }, { ownerIncarnation: null }),
    async command(worker, instanceId, command, fields = {}, token) {
      const url = `/internal/instances/${instanceId}/${command}`
      const [lease] = await seed.rows('instanceLeases', { instanceId })
      const body = JSON.stringify({ epoch: lease?.epoch, ...fields })
      const incarnation = lease?.ownerIncarnation ?? ''
      const bearer = token ?? (await edge.token({ serverId, incarnation, path: url, body, at: new Date() }))
      const answer = await fetch(`${worker.url()}${url}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${bearer}` },
        body,
      })
      return { status: answer.status, body: await answer.json() }
    },
    async pair(worker, instanceId, phone) {
      await world.waitForState(instanceId, 'pairing')
      const { body } = await world.command(worker, instanceId, 'qr')
      await phone.scan(qrAnswer.parse(body).data.qr)
      await world.waitForState(instanceId, 'connected')
    },
    queueText: (instanceId, to, body) => world.queueContent(instanceId, to, { type: 'text', text: { body } }),
    async queueContent(instanceId, to, content) {
      const { id } = await seed.insert('messages', {
        id: newId('message'),
        customerId,
        instanceId,
        direction: 'outbound',
        chat: to,
        sender: selfSender,
        waMessageId: newWaMessageId(),
        type: 'text',
        content: content as MessageContent,
        status: 'queued',
      })
      return id
    },
    async waitForState(instanceId, state) {
      await waitFor(
        async () => {
          const [instance] = await seed.rows('instances', { id: instanceId })
          if (instance?.state !== state) throw new Error(`it is ${instance?.state} (${instance?.reason})`)
          return true
        },
        { what: `${instanceId} to be ${state}`, timeoutMs: 20_000, intervalMs: 50 },
      )
    },
    async stop() {
      await Promise.all(workers.map((worker) => worker.stop()))
      await Promise.all([simulator.stop(), sink.stop()])
      keyServer.close()
      await pool.end()
      await database.close()
      await rm(dataDir, { recursive: true })
    },
  }
  return world
}

async function serveKeys({ jwks }: EdgeSigner): Promise<Server> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', connection: 'close' }).end(JSON.stringify(jwks))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

async function addEndpoint(seed: Seed, customerId: CustomerId, config: WorkerConfig, sink: WebhookSink): Promise<void> {
  const id = newId('webhook')
  const secret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`
  const { keyRingId, sealed } = await sealText(createKeyRing(config.webhookKeyRing), id, secret)
  await seed.insert('webhookEndpoints', { id, customerId, url: sink.url, events: ['*'], keyRingId, secret: sealed })
  sink.expectSecret(secret)
}
