import { newId, type ApiKeyId, type CustomerId, type InstanceId, type ServerId } from '#contracts/ids.ts'
import type { Plan } from '#contracts/plans.ts'
import type { Acceptance, Message, NewMessage, Messages } from '#core/ports/messages.ts'
import { newWaMessageId } from '#core/rules/wa-message-id.ts'
import { seedApiKey, seedCustomer, seedInstance, seedServer, type Seed } from '#core/testing/seed.ts'

export interface Sender {
  customerId: CustomerId
  keyId: ApiKeyId
  serverId: ServerId
  instanceId: InstanceId
}

/** An active customer with a key and a connected instance; without a plan, one without limits. */
export async function seedSender(seed: Seed, plan: Plan = 'enterprise'): Promise<Sender> {
  const customerId = await seedCustomer(seed, { plan })
  const serverId = await seedServer(seed)
  return {
    customerId,
    serverId,
    keyId: await seedApiKey(seed, customerId),
    instanceId: await seedInstance(seed, { customerId, serverId }),
  }
}

/** A plan of its own with so many messages a day. */
export async function seedPlan(seed: Seed, messagesPerDay: number): Promise<Plan> {
  const { name } = await seed.insert('plans', {
    name: newId('request') as string as Plan,
    requestsPerMinute: null,
    requestsPerHour: null,
    requestsPerDay: null,
    messagesPerDay,
    instances: null,
  })
  return name
}

export function newMessage(instanceId: InstanceId, values: Partial<NewMessage> = {}): NewMessage {
  return {
    id: newId('message'),
    instanceId,
    chat: '+5511999990002',
    waMessageId: newWaMessageId(),
    content: { type: 'text', text: { body: 'Hello' } },
    contextMessageId: null,
    idempotencyKey: null,
    requestHash: new Uint8Array([0, 1, 254, 255]),
    expiry: { afterMs: 86_400_000 },
    requireConnected: false,
    calledFrom: null,
    ...values,
  }
}

/** Accepts a message and returns what was found; throws when the quota is exceeded. */
export async function accept(
  messages: Messages,
  sender: Sender,
  values: Partial<NewMessage> = {},
): Promise<Acceptance> {
  const message = newMessage(sender.instanceId, values)
  const result = await messages.insertOnce(sender.customerId, sender.keyId, message)
  if (result.outcome === 'quota-exceeded') throw new Error('The quota is exceeded.')
  return result.acceptance
}

/** The same for a message that must be there afterwards. */
export async function send(messages: Messages, sender: Sender, values: Partial<NewMessage> = {}): Promise<Message> {
  const { message } = await accept(messages, sender, values)
  if (message === undefined) throw new Error('No message was accepted.')
  return message.message
}

export const todayUtc = () => new Date().toISOString().slice(0, 10)
