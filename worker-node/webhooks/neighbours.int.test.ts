import { createServer, type RequestListener, type Server } from 'node:http'
import { once } from 'node:events'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { newId, type WebhookId } from '#contracts/ids.ts'
import { createMemoryDatabase, type MemoryDatabase } from '#core/testing/memory-database.ts'
import { createMemoryDeliveries } from '#core/testing/memory-deliveries.ts'
import { createMemorySeed, seedCustomer, seedServer } from '#core/testing/seed.ts'
import { listenOnLoopback } from '#local/loopback/listen-on-loopback.ts'
import { freePort } from '#local/testing/free-port.ts'
import { waitFor } from '#local/testing/wait-for.ts'
import { silentLog } from '#worker-node/log.ts'
import { createWebhookDispatcher, type WebhookDispatcher } from './dispatcher.ts'
import { createGuardedAgent } from './guarded-agent.ts'
import { postEvent } from './post-event.ts'
import { createResolveHost } from './resolve-host.ts'

const lanes = 10
const eventsPerLane = 10

let database: MemoryDatabase
let dispatcher: WebhookDispatcher
let servers: Server[]
let agent: ReturnType<typeof createGuardedAgent>

beforeEach(async () => {
  database = createMemoryDatabase()
  servers = []
  agent = createGuardedAgent({ allowLoopback: true, resolve: createResolveHost() })
  await seedServer(createMemorySeed(database), { incarnation: 'run-1' })
  const clock = { now: () => new Date() }
  dispatcher = createWebhookDispatcher({
    deliveries: createMemoryDeliveries(database),
    post: (delivery) =>
      postEvent({ dispatcher: agent, clock, allowLoopback: true, ownHost: 'api.wharf.example' }, delivery),
    incarnation: () => 'run-1',
    intervalMs: 20,
    log: silentLog,
    random: Math.random,
  })
})

afterEach(async () => {
  for (const server of servers) server.closeAllConnections()
  await dispatcher.stop()
  await agent.destroy()
  await Promise.all(servers.map((server) => once(server.close(), 'close')))
})

async function listen(respond: RequestListener): Promise<string> {
  const server = createServer(respond)
  servers.push(server)
  return `http://127.0.0.1:${await listenOnLoopback(server, 0, 'The endpoint')}/`
}

/** An endpoint of a customer of its own, with the same events waiting for it as for any other here. */
async function flood(url: string): Promise<WebhookId> {
  const customerId = await seedCustomer(createMemorySeed(database))
  const secret = Buffer.from(`whsec_${Buffer.alloc(24, 1).toString('base64')}`)
  const row = { id: newId('webhook'), customerId, url, events: ['*'], keyRingId: 'none', secret }
  const { id: endpointId } = database.insert('webhookEndpoints', row)
  for (let number = 0; number < eventsPerLane; number++) {
    for (let lane = 0; lane < lanes; lane++) {
      const event = { id: newId('event'), customerId, type: 'message.received' as const, data: { lane, number } }
      database.insert('events', event)
      database.insert('deliveries', { eventId: event.id, endpointId, customerId, lane: `${lane}` })
    }
  }
  return endpointId
}

it('an endpoint that answers gets everything, in order, while those of other customers hang, reset, fail or are gone', async () => {
  let hanging = 0
  const bad = [
    await listen(() => void hanging++),
    await listen((request) => void request.socket.destroy()),
    await listen((_request, response) => void response.writeHead(500).end('no')),
    await listen(function dripping(_request, response) {
      response.writeHead(200)
      response.write('never the end')
    }),
    `http://127.0.0.1:${await freePort()}/`,
  ]
  for (const url of bad) await flood(url)
  const taken = new Map<number, number[]>()
  const healthy = await flood(
    await listen((request, response) => {
      let body = ''
      request.on('data', (chunk: Buffer) => (body += chunk.toString()))
      request.on('end', () => {
        const { lane, number } = (JSON.parse(body) as { data: { lane: number; number: number } }).data
        taken.set(lane, [...(taken.get(lane) ?? []), number])
        response.end()
      })
    }),
  )

  dispatcher.start()
  const waiting = () =>
    database.tables.deliveries.filter(({ endpointId, status }) => endpointId === healthy && status === 'pending')
  await waitFor(() => waiting().length === 0, { what: 'everything at the healthy endpoint', timeoutMs: 30_000 })
  const inOrder = Array.from({ length: eventsPerLane }, (_, number) => number)
  expect([...taken.values()]).toEqual(Array.from({ length: lanes }, () => inOrder))
  // All that time the one that never answers had as many calls as one endpoint may have.
  expect(hanging).toBe(8)
}, 60_000)
