import { afterAll, beforeAll, expect, it } from 'vitest'
import { newId, type ApiKeyId, type InstanceId, type MessageId } from '#contracts/ids.ts'
import { newWaMessageId } from '#core/rules/wa-message-id.ts'
import { seedKey } from '#core/testing/seed-actor.ts'
import { createEdgeDatabase } from '#db/clients/neon-http.ts'
import { createMessages } from '#db/edge-stores/messages.ts'
import { waitFor } from '#local/testing/wait-for.ts'
import type { Phone } from '#simulator/api.ts'
import { exposedValue } from '#worker-node/testing/parse-exposition.ts'
import { startTcpProxy, type TcpProxy } from '#local/testing/tcp-proxy.ts'
import { makeWorkerWorld, type WorkerWorld } from '#worker-node/testing/worker-world.ts'
import type { Worker } from './assemble-worker.ts'
import { selfFenceMs } from './lease/server-lease.ts'

let world: WorkerWorld
let proxy: TcpProxy
let worker: Worker
let instanceId: InstanceId
let keyId: ApiKeyId
let own: Phone
let contact: Phone

beforeAll(async () => {
  world = await makeWorkerWorld()
  const database = new URL(world.database.workerUrl)
  proxy = await startTcpProxy({ host: database.hostname, port: Number(database.port) })
  database.port = String(proxy.port)
  worker = await world.makeWorker({ databaseUrl: database.href })
  keyId = (await seedKey(world.seed, { customerId: world.customerId })).actor.keyId
  own = await world.simulator.makePhone()
  contact = await world.simulator.makePhone()
  await worker.start()
  instanceId = await world.addInstance()
  await world.pair(worker, instanceId, own)
})

afterAll(async () => {
  await world.stop()
  await proxy.stop()
})

/** Accepts a text as the edge does, which has its own way to the database. */
async function accept(body: string): Promise<MessageId> {
  const { neonConnectionString: connectionString, neonFetchEndpoint: fetchEndpoint } = world.database
  const messages = createMessages(createEdgeDatabase({ connectionString, fetchEndpoint }))
  const id = newId('message')
  const inserted = await messages.insertOnce(world.customerId, keyId, {
    id,
    instanceId,
    chat: contact.phoneNumber,
    waMessageId: newWaMessageId(),
    content: { type: 'text', text: { body } },
    contextMessageId: null,
    idempotencyKey: null,
    requestHash: new Uint8Array(32),
    expiry: { afterMs: 3_600_000 },
    requireConnected: false,
    calledFrom: null,
  })
  expect(inserted).toMatchObject({ outcome: 'ok', acceptance: { message: { replayed: false } } })
  return id
}

const connected = () => world.simulator.connections().length > 0
const incarnation = async () => (await world.seed.rows('servers', { id: world.serverId }))[0]?.incarnation

it('a database that is away for longer than sessions may run costs no message, either way', async () => {
  const before = await incarnation()
  await accept('before')
  await contact.waitForMessage(({ body }) => body === 'before')

  proxy.cut()
  const cutAt = performance.now()
  const sent = ['meanwhile 1', 'meanwhile 2', 'meanwhile 3']
  for (const body of sent) await accept(body)
  const arrived = ['to you 1', 'to you 2']
  for (const body of arrived) await contact.sendText(own.phoneNumber, body)

  const scrape = async () => (await fetch(worker.metricsUrl() ?? '')).text()
  await waitFor(async () => exposedValue(await scrape(), 'wharf_server_lease_held') === 0, {
    what: 'the worker to end its sessions by itself',
    timeoutMs: selfFenceMs + 2_000,
  })
  await waitFor(() => !connected(), { what: 'the connections to close' })
  expect(await world.command(worker, instanceId, 'sync')).toMatchObject({
    status: 503,
    body: { error: { code: 'SERVICE_UNAVAILABLE' } },
  })
  expect((await fetch(`${worker.url()}/health`)).status).toBe(503)
  expect(
    exposedValue(await scrape(), 'wharf_database_errors_total', { store: 'server_leases', kind: 'away' }),
  ).toBeGreaterThan(0)

  await waitFor(() => performance.now() - cutAt > 10_000, { what: 'ten seconds without a database', timeoutMs: 11_000 })
  proxy.restore()
  await waitFor(connected, { what: 'the connection to WhatsApp', timeoutMs: 20_000 })
  await world.waitForState(instanceId, 'connected')
  expect(await incarnation()).not.toBe(before)
  expect(await incarnation()).not.toBeNull()

  await accept('after')
  await contact.waitForMessage(({ body }) => body === 'after')
  const shown = contact.shown(own.phoneNumber).filter(({ fromMe }) => !fromMe)
  expect(shown.map(({ body }) => body)).toEqual(['before', ...sent, 'after'])

  const received = () =>
    world.sink.received.flatMap(({ verified, event }) =>
      verified && event?.type === 'message.received' ? [[event.id, event.data.text]] : [],
    )
  await waitFor(() => new Set(received().map(([id]) => id)).size === arrived.length, {
    what: 'what arrived meanwhile',
    timeoutMs: 10_000,
  })
  const rows = async () => {
    const found = await world.seed.rows('messages', { instanceId })
    return found.toSorted((a, b) => a.seq - b.seq)
  }
  const inbound = (await rows()).filter(({ direction }) => direction === 'inbound')
  expect(inbound.map(({ content }) => content)).toEqual(arrived.map((body) => ({ type: 'text', text: { body } })))
  await waitFor(async () => (await rows()).every(({ status }) => status !== 'queued' && status !== 'sending'), {
    what: 'every message to leave the outbox',
  })
}, 90_000)
