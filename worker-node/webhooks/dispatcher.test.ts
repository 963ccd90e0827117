import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { newId, type CustomerId, type WebhookId } from '#contracts/ids.ts'
import type { ClaimedDelivery } from '#core/ports/deliveries.ts'
import { createMemoryDatabase, type MemoryDatabase } from '#core/testing/memory-database.ts'
import { createMemoryDeliveries } from '#core/testing/memory-deliveries.ts'
import { createMemorySeed, seedCustomer } from '#core/testing/seed.ts'
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

beforeEach(async () => {
  vi.useFakeTimers()
  database = createMemoryDatabase()
  deliveries = createMemoryDeliveries(database)
  customerId = await seedCustomer(createMemorySeed(database))
  posted = []
  held = []
  answer = () => 200
  dispatcher = createWebhookDispatcher({ deliveries, post, intervalMs: 1_000, log: silentLog, random: () => 0.5 })
})

afterEach(() => vi.useRealTimers())

async function post(delivery: ClaimedDelivery): Promise<PostedEvent> {
  posted.push(delivery)
  const status = answer(delivery)
  if (status === undefined) await new Promise<void>((resolve) => held.push(resolve))
  return { result: { status: status ?? 200, error: null, durationMs: 5, response: 'ok' }, retryAfterMs: undefined }
}

function endpoint(): WebhookId {
  return database.insert('webhookEndpoints', {
    id: newId('webhook'),
    customerId,
    url: 'https://example.com/hook',
    events: ['*'],
    keyRingId: 'k1',
    secret: new TextEncoder().encode('whsec_c2VjcmV0'),
  }).id
}

function due(endpointId: WebhookId, lane: string): string {
  const eventId = newId('event')
  database.insert('events', { id: eventId, customerId, type: 'message.received', data: {} })
  database.insert('deliveries', { eventId, endpointId, customerId, lane })
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

  it('keeps every attempt and gives up after the eleventh', async () => {
    const id = due(endpoint(), 'a')
    answer = () => 500
    dispatcher.start()
    await pass(80 * 3_600_000)
    expect(statusOf(id)).toBe('dead')
    expect(database.tables.deliveryAttempts).toHaveLength(11)
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
