import { newId, type CustomerId, type InstanceId, type ServerId, type WebhookId } from '#contracts/ids.ts'
import type { InstanceState } from '#contracts/instance-states.ts'
import type { MessageStatus } from '#contracts/message-status.ts'
import { seedApiKey, seedCustomer, seedInstance, seedServer, type Seed } from '#core/testing/seed.ts'
import type { WorkerdEdge } from '#edge/testing/open-workerd-edge.ts'
import { seedAlerts, seedAudit, seedServerMinutes, seedTraffic } from './seed-traffic.ts'
import { seedUsage } from './seed-usage.ts'
import { seedWebhooks } from './seed-webhooks.ts'

const dayMs = 86_400_000

/** Texts that strangers may choose as names; whatever runs of them raises `window.ran`. */
export const hostileNames = [
  '<script>window.ran=1</script>',
  '<img src=x onerror="window.ran=1">',
  `"><svg onload=window.ran=1>`,
  'javascript:window.ran=1',
  '{{constructor.constructor("window.ran=1")()}}',
  '\u202Eright to left \u2066override',
  'שלום עולם مرحبا 👩‍👩‍👧‍👦🏳️‍🌈',
  'W'.repeat(100),
]

export interface Demo {
  customerId: CustomerId
  serverId: ServerId
  instanceId: InstanceId
  /** One that waits for a phone. */
  pairingId: InstanceId
  webhookId: WebhookId
}

/** Customers of every plan with keys, instances and a month of usage, and a fleet; also hostile names. */
export async function seedDemo({ seed, workerUrl }: Pick<WorkerdEdge, 'seed' | 'workerUrl'>): Promise<Demo> {
  const serverId = await seedFleet(seed, workerUrl)
  for (const name of hostileNames) await seedCustomer(seed, { name, plan: 'basic' })
  for (let index = 1; index <= 24; index++) await seedCustomer(seed, { name: `Customer ${index}`, plan: 'business' })
  const customerId = await seedCustomer(seed, { name: 'Padaria do Bairro', plan: 'pro' })
  await seedApiKey(seed, customerId, { name: 'production' })
  await seedApiKey(seed, customerId, { name: '<b>staging</b>', scopes: ['messages:send'] })
  const instanceId = await seedInstance(seed, { customerId, serverId }, { name: 'shop' })
  await seedConversation(seed, customerId, instanceId)
  const pairingId = await seedInstance(
    seed,
    { customerId, serverId },
    { name: 'new shop', state: 'pairing', phoneNumber: null },
  )
  const states: InstanceState[] = ['disconnected', 'failed']
  for (const state of states) {
    const reason = state === 'disconnected' ? 'wa-connection-lost' : state === 'failed' ? 'qr-expired' : null
    await seedInstance(seed, { customerId, serverId }, { id: newId('instance'), name: `shop ${state}`, state, reason })
  }
  for (let back = 0; back < 30; back++) {
    const day = new Date(Date.now() - back * dayMs).toISOString().slice(0, 10)
    const messages = Math.round(2600 + 1900 * Math.sin(back * 0.9))
    await seed.insert('usageDays', { customerId, day, messages, quota: 5000 })
  }
  await seedTraffic(seed)
  await seedServerMinutes(seed, serverId)
  await seedAlerts(seed, { customerId, serverId, instanceId })
  await seedAudit(seed, customerId)
  await seedUsage(seed, customerId, serverId, 20)
  const webhookId = await seedWebhooks(seed, customerId)
  return { customerId, serverId, instanceId, pairingId, webhookId }
}

/** What the instance went through, and a conversation of it in which everything happened. */
async function seedConversation(seed: Seed, customerId: CustomerId, instanceId: InstanceId): Promise<void> {
  const states: [state: InstanceState, reason: string | null][] = [
    ['starting', null],
    ['pairing', null],
    ['connected', null],
    ['disconnected', 'wa-connection-lost'],
    ['connected', null],
  ]
  for (const [index, [state, reason]] of states.entries()) {
    const data = { instance_id: instanceId, state, reason, reason_text: null, phone_number: null }
    const occurredAt = new Date(Date.now() - (states.length - index) * 7_300_000)
    const type = 'instance.state_changed' as const
    await seed.insert('events', {
      id: newId('event'),
      customerId,
      instanceId,
      sequence: index + 1,
      type,
      data,
      occurredAt,
    })
  }
  const chat = '+5511999990002'
  const said: [direction: 'inbound' | 'outbound', status: MessageStatus, body: string][] = [
    ['inbound', 'received', 'Bom dia! Ainda tem pão de queijo?'],
    ['outbound', 'read', 'Tem sim, saiu agora.'],
    ['inbound', 'received', 'Guarda dez para mim, por favor 🙏'],
    ['outbound', 'delivered', 'Guardado até as 18h.'],
    ['outbound', 'failed', 'O pedido 1042 está pronto.'],
    ['outbound', 'queued', 'Lembrete: a loja fecha às 20h.'],
  ]
  for (const [direction, status, body] of said) {
    await seed.insert('messages', {
      id: newId('message'),
      customerId,
      instanceId,
      direction,
      chat,
      sender: direction === 'outbound' ? 'self' : chat,
      waMessageId: newId('message'),
      type: 'text',
      content: { type: 'text', text: { body } },
      status,
      failure: status === 'failed' ? 'NOT_ON_WHATSAPP' : null,
    })
  }
}

/** A server that works and others in each other condition. */
async function seedFleet(seed: Seed, url: string): Promise<ServerId> {
  const enrolledAt = new Date(Date.now() - 40 * dayMs)
  const machine = { region: 'sa-east', provider: 'Hetzner', cpuCores: 4, ramGb: 8, costPerMonth: 19.9, enrolledAt }
  const known = { ...machine, ipAddress: '203.0.113.7', workerVersion: '0.1.0' }
  // Far enough that no test outlives the lease.
  const leased = { leaseExpiresAt: new Date(Date.now() + dayMs) }
  const away = { incarnation: null, leaseExpiresAt: null }
  const serverId = await seedServer(seed, { ...known, ...leased, name: 'sao-paulo-1', url })
  // Each run of a worker has a name of its own.
  const others = (incarnation: string) => ({ ...known, ...leased, incarnation })
  await seedServer(seed, { ...others('run-2'), name: 'sao-paulo-2', health: 'degraded' })
  const drain = { status: 'draining', drainStartedAt: new Date(), drainInstances: 40 } as const
  await seedServer(seed, { ...others('run-3'), ...drain, name: 'frankfurt-1', region: 'eu-central' })
  await seedServer(seed, { ...known, ...away, name: 'frankfurt-2', region: 'eu-central' })
  const disk = 'New disk on Monday <b>at nine</b>'
  await seedServer(seed, { ...known, ...away, name: 'virginia-1', status: 'maintenance', statusReason: disk })
  await seedServer(seed, { ...away, name: 'virginia-2', status: 'provisioning', region: 'us-east' })
  return serverId
}
