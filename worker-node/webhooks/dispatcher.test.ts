import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { newId, type CustomerId, type WebhookId } from '#contracts/ids.ts'
import type { ClaimedDelivery } from '#core/ports/deliveries.ts'
import { createMemoryDatabase, type MemoryDatabase } from '#core/testing/memory-database.ts'
import { createMemoryDeliveries } from '#core/testing/memory-deliveries.ts'
import { createMemoryWebhooks } from '#core/testing/memory-webhooks.ts'
import { createMemorySeed, seedCustomer, seedServer } from '#core/testing/seed.ts'
import { silentLog } from '#worker-node/log.ts'
import { createWebhookDispatcher, type WebhookDispatcher } from './dispatcher.ts'
import type { PostedEvent } from './post-event.ts'

let database: MemoryDatabase
let customerId: CustomerId
let deliveries: ReturnType<typeof createMemoryDeliveries>
let dispatcher: WebhookDispatcher
let posted: ClaimedDelivery[]
/** What the endpoints answer: a status, or undefined to let the attempt hang until `release`. */
let answer: (delivery: ClaimedDelivery) => number | undefined
let held: (() => void)[]
/** The run that holds the lease. */
let incarnation: string | undefined
const yearMs = 365 * 86_400_000

beforeEach(async () => {
  vi.useFakeTimers()
  database = createMemoryDatabase()
  deliveries = createMemoryDeliveries(database)
  const seed = createMemorySeed(database)
  customerId = await seedCustomer(seed)
  incarnation = 'run-1'
  await seedServer(seed, { incarnation, leaseExpiresAt: new Date(Date.now() + yearMs) })
  posted = []
  held = []
  answer = () => 200
  dispatcher = build(1_000)
})

afterEach(() => vi.useRealTimers())

function build(intervalMs: number): WebhookDispatcher {
  return createWebhookDispatcher({
    deliveries,
    post,
    incarnation: () => incarnation,
    intervalMs,
    log: silentLog,
    random: () => 0.5,
  })
}

async function post(delivery: ClaimedDelivery): Promise<PostedEvent> {
  posted.push(delivery)
  const status = answer(delivery)
  if (status === undefined) await new Promise<void>((resolve) => held.push(resolve))
  return {
    result: { status: status ?? 200, error: null, durationMs: 5, response: 'ok' },
    retryAfterMs: undefined,
    isUndeliverable: false,
  }
}

function endpoint(of: CustomerId = customerId): WebhookId {
  return database.insert('webhookEndpoints', {
    id: newId('webhook'),
    customerId: of,
    url: 'https://example.com/hook',
    events: ['*'],
    keyRingId: 'k1',
    secret: new TextEncoder().encode('whsec_c2VjcmV0'),
  }).id
}

function due(endpointId: WebhookId, lane: string): string {
  const eventId = newId('event')
  const owner = database.tables.webhookEndpoints.find(({ id }) => id === endpointId)!.customerId
  database.insert('events', { id: eventId, customerId: owner, type: 'message.received', data: {} })
  database.insert('deliveries', { eventId, endpointId, customerId: owner, lane })
  return eventId
}

const pass = (ms = 0) => vi.advanceTimersByTimeAsync(ms)
const statusOf = (eventId: string) => database.tables.deliveries.find((row) => row.eventId === eventId)?.status

describe('the dispatcher', () => {
  it('delivers what is due, one after the other within a lane', async () => {
    const one = endpoint()
    const events = [due(one, 'a'), due(one, 'a'), due(one, 'a')]
    dispatcher.start()
    await pass()
    expect(posted.map(({ eventId }) => eventId)).toEqual(events)
    expect(events.map(statusOf)).toEqual(['delivered', 'delivered', 'delivered'])
  })

  it('holds a lane until its oldest event is delivered, and no other lane', async () => {
    const one = endpoint()
    const failing = due(one, 'a')
    const behind = due(one, 'a')
    const other = due(one, 'b')
    answer = ({ eventId }) => (eventId === failing && posted.length < 4 ? 500 : 200)
    dispatcher.start()
    await pass()
    expect(statusOf(other)).toBe('delivered')
    expect(statusOf(behind)).toBe('pending')
    await pass(60_000)
    expect(statusOf(failing)).toBe('delivered')
    expect(statusOf(behind)).toBe('delivered')
  })

  it('runs at most 8 attempts per endpoint at a time, while others are served', async () => {
    const slow = endpoint()
    const quick = endpoint()
    answer = ({ endpointId }) => (endpointId === slow ? undefined : 200)
    for (let lane = 0; lane < 20; lane += 1) due(slow, `${lane}`)
    const fine = due(quick, 'x')
    dispatcher.start()
    await pass(5_000)
    expect(posted.filter(({ endpointId }) => endpointId === slow)).toHaveLength(8)
    expect(statusOf(fine)).toBe('delivered')
  })

  it('runs at most 32 attempts per customer at a time, over all its endpoints', async () => {
    answer = () => undefined
    for (let count = 0; count < 6; count++) {
      const slow = endpoint()
      for (let lane = 0; lane < 8; lane++) due(slow, `${lane}`)
    }
    dispatcher.start()
    await pass(5_000)
    expect(posted).toHaveLength(32)
  })

  it('delivers to those that answer, however many customers have endpoints that do not', async () => {
    const seed = createMemorySeed(database)
    const silent = new Set<WebhookId>()
    for (let count = 0; count < 100; count++) {
      const id = endpoint(await seedCustomer(seed))
      silent.add(id)
      for (let lane = 0; lane < 8; lane++) due(id, `${lane}`)
    }
    answer = ({ endpointId }) => (silent.has(endpointId) ? undefined : 200)
    dispatcher.start()
    // The silent ones hold every place of the fresh attempts for a second at a time.
    await pass(20_000)
    expect(posted).toHaveLength(512)
    const quick = endpoint(await seedCustomer(seed))
    const events = Array.from({ length: 20 }, (_, lane) => due(quick, `${lane % 4}`))
    dispatcher.hint()
    await pass(1_000)
    expect(events.map(statusOf)).toEqual(events.map(() => 'delivered'))
  })

  it('gives slow endpoints one attempt at a time once half of all places are taken', async () => {
    const seed = createMemorySeed(database)
    answer = () => undefined
    const slow = await Promise.all(Array.from({ length: 128 }, async () => endpoint(await seedCustomer(seed))))
    for (const id of slow) due(id, 'first')
    dispatcher.start()
    await pass(5_000)
    for (const id of slow) for (let lane = 0; lane < 8; lane++) due(id, `${lane}`)
    await pass(60_000)
    // Up to the half everyone has 8; a burst that began together may go beyond it, never to the end.
    expect(posted.length).toBeGreaterThanOrEqual(512)
    expect(posted.length).toBeLessThan(640)
  })

  it('keeps every attempt and gives up after the eleventh', async () => {
    dispatcher = build(60_000)
    const one = endpoint()
    const id = due(one, 'a')
    // Others are delivered meanwhile, so that the breaker stays closed.
    answer = ({ event }) => (event.id === id ? 500 : 200)
    dispatcher.start()
    for (let hour = 0; hour < 100; hour++) {
      due(one, 'b')
      await pass(3_600_000)
    }
    expect(statusOf(id)).toBe('dead')
    expect(database.tables.deliveryAttempts.filter(({ eventId }) => eventId === id)).toHaveLength(11)
  })

  it('switches an endpoint off that says it is gone', async () => {
    const gone = endpoint()
    due(gone, 'a')
    answer = () => 410
    dispatcher.start()
    await pass()
    expect(database.tables.webhookEndpoints[0]).toMatchObject({ status: 'disabled', disabledReason: 'endpoint-gone' })
  })

  it('sends again under the same id what could not be recorded, once its claim has ended', async () => {
    const id = due(endpoint(), 'a')
    vi.spyOn(deliveries, 'record').mockRejectedValueOnce(new Error('connection refused'))
    dispatcher.start()
    await pass(44_000)
    expect(posted).toHaveLength(1)
    await pass(3_000)
    expect(posted.map(({ event }) => event.id)).toEqual([id, id])
    expect(statusOf(id)).toBe('delivered')
  })

  it('claims nothing while its run holds no lease, and records what is on its way', async () => {
    const running = due(endpoint(), 'a')
    answer = () => undefined
    dispatcher.start()
    await pass()
    incarnation = undefined
    const later = due(endpoint(), 'b')
    for (const release of held) release()
    await pass(5_000)
    expect([running, later].map(statusOf)).toEqual(['delivered', 'pending'])
    answer = () => 200
    incarnation = 'run-1'
    await pass(1_000)
    expect(statusOf(later)).toBe('delivered')
  })

  it('claims nothing new once it is told to stop, and records what is on its way', async () => {
    const one = endpoint()
    const running = due(one, 'a')
    answer = () => undefined
    dispatcher.start()
    await pass()
    const stopped = dispatcher.stop()
    due(one, 'b')
    for (const release of held) release()
    await stopped
    expect(statusOf(running)).toBe('delivered')
    await pass(5_000)
    expect(posted).toHaveLength(1)
  })
})

describe('the breaker of an endpoint', () => {
  const attemptsOf = (eventId: string) => database.tables.deliveryAttempts.filter((row) => row.eventId === eventId)
  const row = (eventId: string) => database.tables.deliveries.find((delivery) => delivery.eventId === eventId)!

  /** Ten lanes that fail at once: the first ten attempts open it. */
  async function open(id: WebhookId): Promise<string[]> {
    const events = Array.from({ length: 10 }, (_, lane) => due(id, `${lane}`))
    answer = ({ endpointId }) => (endpointId === id ? 500 : 200)
    dispatcher.start()
    await pass(1_000)
    expect(posted).toHaveLength(10)
    expect(dispatcher.counts()).toEqual({ running: 0, openBreakers: 1 })
    return events
  }

  it('opens after 10 failures in a row: what is due waits, and the oldest is tried after 30 s, 60 s ... 5 min', async () => {
    const one = endpoint()
    const [oldest] = await open(one)
    due(one, 'later')
    const probes: { atMs: number; eventId: string }[] = []
    const startedAt = performance.now()
    for (let seconds = 0; seconds < 1_400; seconds++) {
      const before = posted.length
      await pass(1_000)
      for (const { eventId } of posted.slice(before)) probes.push({ atMs: performance.now() - startedAt, eventId })
    }
    const gaps = probes.map(({ atMs }, index) => Math.round((atMs - (probes[index - 1]?.atMs ?? 0)) / 10_000) * 10)
    expect(gaps).toEqual([30, 60, 120, 240, 300, 300, 300])
    expect(new Set(probes.map(({ eventId }) => eventId))).toEqual(new Set([oldest]))
  })

  it('burns no attempt of the schedule while it is open, and keeps each', async () => {
    const [oldest] = await open(endpoint())
    await pass(40 * 60_000)
    const { status, attempts, attemptsBefore } = row(oldest!)
    expect(status).toBe('pending')
    expect(attempts).toBeGreaterThan(8)
    expect(attempts - attemptsBefore).toBe(1)
    expect(attemptsOf(oldest!)).toHaveLength(attempts)
  })

  it('closes at the first success: everything goes out, in order', async () => {
    const one = endpoint()
    const events = await open(one)
    const behind = due(one, '0')
    answer = () => 200
    await pass(62_000)
    expect([...events, behind].map(statusOf)).toEqual([...events, behind].map(() => 'delivered'))
    expect(dispatcher.counts().openBreakers).toBe(0)
  })

  it('lets a test through at once, whose success closes it', async () => {
    const one = endpoint()
    await open(one)
    const test = due(one, 'webhook.test')
    await pass(2_000)
    expect(posted.at(-1)?.eventId).toBe(test)
    expect(row(test)).toMatchObject({ status: 'pending', attempts: 1, attemptsBefore: 1 })
    answer = () => 200
    const second = due(one, 'webhook.test')
    row(test).nextAttemptAt = new Date()
    await pass(2_000)
    expect([test, second].map(statusOf)).toEqual(['delivered', 'delivered'])
    expect(dispatcher.counts().openBreakers).toBe(0)
  })

  it('disables the endpoint after 5 days, and begins anew when its customer enables it', async () => {
    dispatcher = build(60_000)
    const one = endpoint()
    const events = await open(one)
    const stored = database.tables.webhookEndpoints[0]!
    const listener = endpoint()
    await pass(4.9 * 86_400_000)
    expect(stored.status).toBe('enabled')
    await pass(0.2 * 86_400_000)
    expect(stored).toMatchObject({ status: 'disabled', disabledReason: 'endpoint-failing' })
    const told = posted.filter(({ endpointId }) => endpointId === listener)
    expect(told.map(({ event }) => event.type)).toEqual(['webhook.disabled'])
    expect(events.map(statusOf)).toEqual(events.map(() => 'pending'))
    const silent = posted.length
    await pass(86_400_000)
    expect(posted).toHaveLength(silent)
    answer = () => 200
    await createMemoryWebhooks(database).update(customerId, one, { status: 'enabled' })
    await pass(60_000)
    expect(events.map(statusOf)).toEqual(events.map(() => 'delivered'))
  })
})
