import { newId, type CustomerId, type InstanceId, type ServerId } from '#contracts/ids.ts'
import { noLatencies } from '#core/rules/latency.ts'
import type { Seed } from '#core/testing/seed.ts'

const minuteMs = 60_000

/** Counted minutes of a week: each of the last hour, and one for each bucket of the longer ranges before it. */
export async function seedTraffic(seed: Seed): Promise<void> {
  const end = Math.floor(Date.now() / minuteMs)
  for (let back = 3; back < 60; back++) await seedMinutes(seed, end, back, 1)
  for (let back = 60; back < 1440; back += 15) await seedMinutes(seed, end, back, 15)
  for (let back = 1440; back < 10_080; back += 120) await seedMinutes(seed, end, back, 120)
}

/** What happened in `minutes` minutes, in the row of one: a day's wave with some noise, and failures now and then. */
async function seedMinutes(seed: Seed, end: number, back: number, minutes: number): Promise<void> {
  const wave = 260 + 140 * Math.sin(back / 230) + 30 * Math.sin(back * 1.7) + 18 * Math.cos(back * 0.61)
  const sent = Math.round(wave * minutes)
  const latency = noLatencies()
  latency[1] = Math.round(sent * 0.6)
  latency[2] = Math.round(sent * 0.34)
  latency[3] = sent - latency[1] - latency[2]
  const failed = Math.round(minutes * (2 + 2 * Math.sin(back * 0.8)))
  const received = Math.round(sent * 0.82 + 20 * minutes * Math.sin(back / 3))
  await seed.insert('minuteStats', { minute: new Date((end - back) * minuteMs), sent, received, failed, latency })
}

/** What a server's worker told in the last hour, and each quarter of an hour of the day before it. */
export async function seedServerMinutes(seed: Seed, serverId: ServerId): Promise<void> {
  const now = Math.floor(Date.now() / minuteMs)
  for (let back = 0; back < 1440; back += back < 60 ? 1 : 15) {
    const wave = Math.sin(back / 230) + 0.2 * Math.sin(back * 1.7)
    const sent = Math.round((70 + 40 * wave) * (back < 60 ? 1 : 15))
    await seed.insert('serverMinutes', {
      serverId,
      at: new Date((now - back) * minuteMs),
      cpu: 0.32 + 0.14 * wave,
      memory: 0.55 + 0.03 * wave,
      disk: 0.18,
      networkIn: 2_400_000,
      networkOut: 1_700_000,
      eventLoopLagMs: 6 + 3 * Math.cos(back * 0.9),
      sessions: 58,
      sent,
      received: Math.round(sent * 0.8),
      failed: back % 20 === 7 ? 2 : 0,
      latency: null,
    })
  }
}

/** Alerts in each of their states. */
export async function seedAlerts(
  seed: Seed,
  { customerId, serverId, instanceId }: { customerId: CustomerId; serverId: ServerId; instanceId: InstanceId },
): Promise<void> {
  const before = (minutes: number) => new Date(Date.now() - minutes * minuteMs)
  await seed.insert('alerts', {
    id: newId('alert'),
    kind: 'server-down',
    subject: serverId,
    details: { name: 'sao-paulo-1' },
    openedAt: before(4),
  })
  await seed.insert('alerts', {
    id: newId('alert'),
    kind: 'instance-logged-out',
    subject: instanceId,
    customerId,
    details: { reason: 'wa-logged-out', since: before(70).toISOString() },
    openedAt: before(70),
    acknowledgedAt: before(60),
  })
  await seed.insert('alerts', {
    id: newId('alert'),
    kind: 'redis-away',
    subject: 'redis',
    details: {},
    openedAt: before(3000),
    resolvedAt: before(2990),
  })
}

/** Changes of a customer, one of them with a hostile text. */
export async function seedAudit(seed: Seed, customerId: CustomerId): Promise<void> {
  for (const details of [{ name: 'Padaria <b>do</b> Bairro', plan: 'basic' }, { plan: 'pro' }]) {
    const told = { customerId, target: customerId, action: 'customer.update', address: '203.0.113.9', details }
    await seed.insert('auditLogs', { id: newId('auditEntry'), requestId: newId('request'), ...told })
  }
}
