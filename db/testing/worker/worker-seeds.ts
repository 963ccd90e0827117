import { newId, type CustomerId, type InstanceId, type WebhookId } from '#contracts/ids.ts'
import type { Fence } from '#core/ports/session-leases.ts'
import type { MemoryRows } from '#core/testing/memory-rows.ts'
import { seedCustomer, seedInstance, seedServer, type Seed } from '#core/testing/seed.ts'
import type { WorkerWorld } from './worker-world.ts'

/** A customer with one connected instance that `run-1` owns under epoch 1. */
export interface OwnedInstance {
  customerId: CustomerId
  serverId: Awaited<ReturnType<typeof seedServer>>
  instanceId: InstanceId
  fence: Fence
}

export async function seedOwnedInstance(
  seed: Seed,
  values: Partial<MemoryRows['instances']> = {},
): Promise<OwnedInstance> {
  const customerId = await seedCustomer(seed)
  const serverId = await seedServer(seed)
  const instanceId = await seedInstance(seed, { customerId, serverId }, values)
  return { customerId, serverId, instanceId, fence: { instanceId, epoch: 1, incarnation: 'run-1' } }
}

/** A queued text message to one chat, unless told otherwise. */
export async function seedMessage(
  seed: Seed,
  { customerId, instanceId }: Pick<OwnedInstance, 'customerId' | 'instanceId'>,
  values: Partial<MemoryRows['messages']> = {},
): Promise<MemoryRows['messages']> {
  const id = newId('message')
  return seed.insert('messages', {
    id,
    customerId,
    instanceId,
    direction: 'outbound',
    chat: '+5511999990002',
    sender: 'self',
    waMessageId: `3EB0${id.slice(-18).toUpperCase()}`,
    type: 'text',
    content: { type: 'text', text: { body: 'Hello' } },
    status: 'queued',
    expiresAt: new Date(Date.now() + 3_600_000),
    ...values,
  })
}

/** An enabled endpoint for everything, with the secret `whsec_test`. */
export async function seedEndpoint(
  { seed, sealSecret }: Pick<WorkerWorld, 'seed' | 'sealSecret'>,
  customerId: CustomerId,
  values: Partial<MemoryRows['webhookEndpoints']> = {},
): Promise<WebhookId> {
  const id = newId('webhook')
  await seed.insert('webhookEndpoints', {
    id,
    customerId,
    url: 'https://example.com/hooks',
    events: ['*'],
    ...(await sealSecret(id, 'whsec_test')),
    ...values,
  })
  return id
}

/** An event that is due to the endpoint on the lane. */
export async function seedDelivery(
  seed: Seed,
  { customerId, endpointId, lane }: { customerId: CustomerId; endpointId: WebhookId; lane: string },
  values: Partial<MemoryRows['deliveries']> = {},
): Promise<MemoryRows['deliveries']> {
  const eventId = newId('event')
  const data = { webhook_id: endpointId, note: 'seeded' }
  await seed.insert('events', { id: eventId, customerId, type: 'webhook.test', data })
  return seed.insert('deliveries', {
    eventId,
    endpointId,
    customerId,
    lane,
    nextAttemptAt: new Date(Date.now() - 1_000),
    ...values,
  })
}

/** A moment so many milliseconds from now; negative is past. */
export function fromNow(ms: number): Date {
  return new Date(Date.now() + ms)
}

/** The events of an instance in the order of their sequence, and whether the sequence has no gap. */
export async function eventsOf(seed: Seed, instanceId: InstanceId): Promise<MemoryRows['events'][]> {
  const events = (await seed.rows('events', { instanceId })).toSorted((a, b) => (a.sequence ?? 0) - (b.sequence ?? 0))
  events.forEach(({ sequence }, index) => {
    if (sequence !== index + 1) throw new Error(`The events of ${instanceId} have a gap before ${sequence}.`)
  })
  return events
}
