import { newId } from '#contracts/ids.ts'
import { selfSender } from '#core/ports/messages.ts'
import { newWaMessageId } from '#core/rules/wa-message-id.ts'
import { seedAdmin, seedApiKey, seedInstance, seedServer } from '#core/testing/seed.ts'
import { seedTenant, type Tenant, type World } from './seed-world.ts'
import type { TestEdge } from './test-edge.ts'

/** How many more of each thing: enough that one query for each stands out. */
const more = Array.from({ length: 6 }, (_, n) => n)

/** More servers, customers, admins and alerts. */
export async function growWorld(edge: TestEdge, world: World): Promise<void> {
  for (const n of more) {
    const serverId = await seedServer(edge.seed, { url: `https://more-${n}.example` })
    await edge.seed.insert('serverChecks', {
      serverId,
      grade: 'healthy',
      reason: null,
      tookMs: 20,
      checkedAt: new Date(),
      since: new Date(),
    })
    const { customerId } = await seedTenant(edge, world.serverId)
    await edge.seed.insert('usageDays', { customerId, day: today(), messages: 5, quota: 100 })
    await seedAdmin(edge.seed)
  }
}

/** More of everything that a tenant has, and of what is on the server that its ids name. */
export async function growTenant({ seed }: TestEdge, world: World, tenant: Tenant): Promise<void> {
  const { customerId, ids, admin } = tenant
  for (const n of more) {
    const serverId = n % 2 === 0 ? world.serverId : ids.server_id
    const instanceId = await seedInstance(seed, { customerId, serverId }, { name: `more ${n}`, phoneNumber: null })
    await seedApiKey(seed, customerId)
    const { id: endpointId } = await seed.insert('webhookEndpoints', {
      id: newId('webhook'),
      customerId,
      url: `https://shop.example.com/more/${n}`,
      events: ['*'],
      keyRingId: 'k1',
      secret: new Uint8Array(28),
    })
    for (const sender of [ids.instance_id, instanceId]) {
      await seed.insert('messages', {
        id: newId('message'),
        customerId,
        instanceId: sender,
        direction: 'outbound',
        chat: `+551199998${n}002`,
        sender: selfSender,
        waMessageId: newWaMessageId(),
        type: 'text',
        content: { type: 'text', text: { body: `More ${n}` } },
        status: 'sent',
      })
    }
    const { id: eventId } = await seed.insert('events', {
      id: newId('event'),
      customerId,
      instanceId: ids.instance_id,
      sequence: n + 1,
      type: 'instance.state_changed',
      data: {},
    })
    for (const endpoint of [endpointId, ids.webhook_id]) {
      await seed.insert('deliveries', {
        eventId,
        endpointId: endpoint,
        customerId,
        lane: `lane ${n}`,
        status: 'delivered',
      })
      await seed.insert('deliveryAttempts', {
        eventId,
        endpointId: endpoint,
        attempt: 1,
        durationMs: 12,
        status: 200,
        error: null,
        response: 'ok',
      })
    }
    await seed.insert('auditLogs', {
      id: newId('auditEntry'),
      adminId: admin.adminId,
      action: 'customer.suspended',
      target: customerId,
      customerId,
      requestId: newId('request'),
    })
    await seed.insert('adminSessions', {
      id: newId('adminSession'),
      adminId: admin.adminId,
      tokenHash: newId('request'),
      expiresAt: new Date(Date.now() + 3_600_000),
    })
    await seed.insert('alerts', {
      id: newId('alert'),
      kind: 'instance-logged-out',
      subject: instanceId,
      customerId,
      details: {},
    })
  }
}

function today(): string {
  return new Date().toISOString().slice(0, 10)
}
