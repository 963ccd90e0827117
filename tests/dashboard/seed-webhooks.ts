import { newId, type CustomerId, type EventId, type WebhookId } from '#contracts/ids.ts'
import type { EventType } from '#contracts/events.ts'
import type { MemoryRows } from '#core/testing/memory-rows.ts'
import type { Seed } from '#core/testing/seed.ts'

/** An endpoint of the customer; nobody can sign for it. */
export async function seedWebhook(
  seed: Seed,
  customerId: CustomerId,
  values: Partial<MemoryRows['webhookEndpoints']> = {},
): Promise<WebhookId> {
  const { id } = await seed.insert('webhookEndpoints', {
    id: newId('webhook'),
    customerId,
    url: 'https://shop.example.com/hook',
    events: ['*'],
    keyRingId: 'none',
    secret: new Uint8Array(),
    ...values,
  })
  return id
}

/** One event on its way there, with an attempt for each of the answers. */
export async function seedDelivery(
  seed: Seed,
  place: { customerId: CustomerId; webhookId: WebhookId },
  {
    occurredAt,
    status,
    type = 'message.sent',
    answers = [],
  }: {
    occurredAt: Date
    status: MemoryRows['deliveries']['status']
    type?: EventType
    answers?: Pick<MemoryRows['deliveryAttempts'], 'status' | 'error' | 'response'>[]
  },
): Promise<EventId> {
  const { customerId, webhookId: endpointId } = place
  const { id: eventId } = await seed.insert('events', { id: newId('event'), customerId, type, data: {}, occurredAt })
  await seed.insert('deliveries', {
    eventId,
    endpointId,
    customerId,
    lane: eventId,
    status,
    attempts: answers.length,
    nextAttemptAt: new Date(Date.now() + 3_600_000),
    finishedAt: status === 'pending' ? null : occurredAt,
  })
  for (const [index, answer] of answers.entries()) {
    const attemptedAt = new Date(occurredAt.getTime() + index * 5_000)
    const attempt = { eventId, endpointId, attempt: index + 1, attemptedAt, durationMs: 84 + 900 * index }
    await seed.insert('deliveryAttempts', { ...attempt, ...answer })
  }
  return eventId
}

/** Endpoints in each condition, one of them with deliveries in each state; resolves to that one. */
export async function seedWebhooks(seed: Seed, customerId: CustomerId): Promise<WebhookId> {
  const failingSince = new Date(Date.now() - 7_200_000)
  const webhookId = await seedWebhook(seed, customerId, { description: 'Orders <b>and</b> stock', failingSince })
  const url = `https://hooks.example.com/${'a-long-path/'.repeat(12)}`
  await seedWebhook(seed, customerId, { url, events: ['message.received', 'instance.state_changed'] })
  await seedWebhook(seed, customerId, { status: 'disabled', disabledReason: 'endpoint-gone' })
  const place = { customerId, webhookId }
  const before = (minutes: number) => new Date(Date.now() - minutes * 60_000)
  const refused = { status: 500, error: null, response: '<h1>Internal error</h1>' }
  const silent = { status: null, error: 'The endpoint did not answer in time.', response: null }
  const good = { status: 200, error: null, response: 'ok' }
  for (let back = 30; back > 4; back--) {
    await seedDelivery(seed, place, { occurredAt: before(60 * back), status: 'delivered', answers: [good] })
  }
  await seedDelivery(seed, place, { occurredAt: before(240), status: 'dead', answers: [refused, silent, refused] })
  const type = 'message.received'
  await seedDelivery(seed, place, { occurredAt: before(110), status: 'pending', type, answers: [silent, refused] })
  await seedDelivery(seed, place, { occurredAt: before(1), status: 'pending', type })
  return webhookId
}
