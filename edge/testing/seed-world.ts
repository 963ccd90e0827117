import {
  newId,
  type AdminId,
  type AdminSessionId,
  type AlertId,
  type ApiKeyId,
  type CustomerId,
  type InstanceId,
  type MessageId,
  type ServerId,
  type WebhookId,
} from '#contracts/ids.ts'
import type { Plan } from '#contracts/plans.ts'
import { selfSender } from '#core/ports/messages.ts'
import { newWaMessageId } from '#core/rules/wa-message-id.ts'
import { seedKey } from '#core/testing/seed-actor.ts'
import { seedAdmin, seedApiKey, seedCustomer, seedInstance, seedServer } from '#core/testing/seed.ts'
import { seedLoggedInAdmin, type LoggedInAdmin } from './seed-logged-in-admin.ts'
import { testKeyHash, type TestEdge } from './test-edge.ts'

/** A customer with one of each thing, under the names that path parameters have. */
export interface Tenant {
  customerId: CustomerId
  /** An API key of all scopes. */
  key: string
  keyId: string
  ids: {
    customer_id: CustomerId
    /** Another key than the one who asks. */
    api_key_id: ApiKeyId
    instance_id: InstanceId
    message_id: MessageId
    webhook_id: WebhookId
    /** Another admin than the one who asks. */
    admin_id: AdminId
    session_id: AdminSessionId
    /** Another server than the one of the instance, without a worker: it can be drained without harm. */
    server_id: ServerId
    alert_id: AlertId
  }
  /** Token of a link that pairs the instance. */
  linkToken: string
  /** A super_admin beside the customer, for the routes of admins. */
  admin: LoggedInAdmin
}

export interface World {
  serverId: ServerId
  own: Tenant
  other: Tenant
}

/** Two customers on one live server. */
export async function seedWorld(edge: TestEdge, plan: Plan = 'enterprise'): Promise<World> {
  // Longer than any suite: nobody renews it.
  const leaseExpiresAt = new Date(Date.now() + 3_600_000)
  const serverId = await seedServer(edge.seed, { url: edge.workerUrl, leaseExpiresAt })
  return { serverId, own: await seedTenant(edge, serverId, plan), other: await seedTenant(edge, serverId, plan) }
}

export async function seedTenant(edge: TestEdge, serverId: ServerId, plan: Plan = 'enterprise'): Promise<Tenant> {
  const { seed } = edge
  const customerId = await seedCustomer(seed, { plan })
  const { key, actor } = await seedKey(seed, { customerId, plan }, { hash: testKeyHash })
  const instanceId = await seedInstance(seed, { customerId, serverId })
  const { id: messageId } = await seed.insert('messages', {
    id: newId('message'),
    customerId,
    instanceId,
    direction: 'outbound',
    chat: '+5511999990002',
    sender: selfSender,
    waMessageId: newWaMessageId(),
    type: 'text',
    content: { type: 'text', text: { body: 'Seeded' } },
    status: 'queued',
  })
  const { id: webhookId } = await seed.insert('webhookEndpoints', {
    id: newId('webhook'),
    customerId,
    url: 'https://shop.example.com/hooks',
    events: ['*'],
    keyRingId: 'k1',
    secret: new Uint8Array(28),
  })
  const expiresAt = new Date(Date.now() + 3_600_000)
  const linkToken = await edge.pairingLinks.sign({ customerId, instanceId, expiresAt })
  const admin = await seedLoggedInAdmin(edge)
  const alertId = newId('alert')
  await seed.insert('alerts', { id: alertId, kind: 'instance-banned', subject: instanceId, customerId, details: {} })
  const ids = {
    customer_id: customerId,
    api_key_id: await seedApiKey(seed, customerId),
    instance_id: instanceId,
    message_id: messageId,
    webhook_id: webhookId,
    admin_id: await seedAdmin(seed, { role: 'viewer' }),
    session_id: admin.sessionId,
    server_id: await seedServer(seed, { incarnation: null, leaseExpiresAt: null }),
    alert_id: alertId,
  }
  return { customerId, key, keyId: actor.keyId, ids, linkToken, admin }
}
