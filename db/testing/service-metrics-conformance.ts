import { describe, expect, it } from 'vitest'
import type { EventType } from '#contracts/events.ts'
import { newId } from '#contracts/ids.ts'
import { noLatencies } from '#core/rules/latency.ts'
import { seedCustomer, seedInstance, seedServer, type Seed } from '#core/testing/seed.ts'
import type { EdgeStores } from './edge-stores.ts'
import { openForSuite } from './open-for-suite.ts'

type Opened = Pick<EdgeStores, 'serviceMetrics' | 'seed' | 'requests' | 'close'>

const minuteMs = 60_000
const hour = { rangeMs: 60 * minuteMs, bucketMs: minuteMs }
/** A moment inside of a minute that lies so many before the one that goes on. */
const minutesAgo = (minutes: number) =>
  new Date(Math.floor(Date.now() / minuteMs) * minuteMs - minutes * minuteMs + 12_345)
const minuteOf = (moment: Date) => new Date(Math.floor(moment.getTime() / minuteMs) * minuteMs)

async function seedEvents(seed: Seed, occurredAt: Date, entries: [type: EventType, data: object][]) {
  const customerId = await seedCustomer(seed)
  for (const [type, data] of entries) {
    await seed.insert('events', { id: newId('event'), customerId, type, data: { ...data }, occurredAt })
  }
}

function sent(tookMs: number): [EventType, object] {
  const created = new Date('2026-01-31T12:00:00Z')
  const times = { created_at: created.toISOString(), sent_at: new Date(created.getTime() + tookMs).toISOString() }
  return ['message.sent', { status: 'sent', error: null, ...times }]
}

const failed = (code: string | null, status = 'failed'): [EventType, object] => [
  'message.failed',
  { status, error: code === null ? null : { code } },
]

export function serviceMetricsConformance(open: () => Promise<Opened>): void {
  describe('ServiceMetrics', () => {
    const opened = openForSuite(open)
    const rows = async () =>
      (await opened().seed.rows('minuteStats')).toSorted((a, b) => a.minute.getTime() - b.minute.getTime())

    it('counts each minute once when it is over for a minute: what was sent, how fast, received, and failed', async () => {
      const { serviceMetrics, seed } = opened()
      const moment = minutesAgo(20)
      await seedEvents(seed, moment, [
        sent(50),
        sent(400),
        // By the customer's own phone: heard of later.
        sent(-2_000),
        ['message.received', {}],
        failed('REFUSED_BY_WHATSAPP'),
        failed(null, 'expired'),
        failed(null, 'cancelled'),
        failed('NOT_ON_WHATSAPP'),
        ['webhook.test', {}],
      ])
      await seedEvents(seed, minutesAgo(0), [['message.received', {}]])
      expect(await serviceMetrics.rollUpMinutesAcrossCustomers()).toBe(6)
      expect(await serviceMetrics.rollUpMinutesAcrossCustomers()).toBe(0)
      const counted = await rows()
      const latency = noLatencies()
      latency[0] = 1
      latency[2] = 1
      expect(counted.filter((row) => row.sent + row.received + row.failed > 0)).toEqual([
        { minute: minuteOf(moment), sent: 3, received: 1, failed: 2, latency },
      ])
      const times = counted.map(({ minute }) => minute.getTime())
      expect(times).toEqual(times.map((_time, index) => times[0]! + index * minuteMs))
    })

    it('shows a series of buckets without gaps, and the minutes that were counted last', async () => {
      const { serviceMetrics, seed } = opened()
      await serviceMetrics.rollUpMinutesAcrossCustomers()
      const minute = minuteOf(minutesAgo(30))
      await seed.update('minuteStats', { minute }, { sent: 7, received: 1, failed: 2 })
      await seed.update('minuteStats', { minute: minuteOf(minutesAgo(4)) }, { received: 9 })
      const { series, recent } = await serviceMetrics.overviewAcrossCustomers(hour)
      expect(series.length).toBeGreaterThanOrEqual(60)
      const times = series.map(({ at }) => at.getTime())
      expect(times).toEqual(times.map((_time, index) => times[0]! + index * minuteMs))
      expect(series.find(({ at }) => at.getTime() === minute.getTime())).toMatchObject({
        sent: 7,
        received: 1,
        failed: 2,
      })
      expect(recent).toMatchObject({ received: 9 })
      const day = await serviceMetrics.overviewAcrossCustomers({ rangeMs: 24 * hour.rangeMs, bucketMs: 15 * minuteMs })
      expect(day.series.length).toBeLessThanOrEqual(97)
      expect(day.series.reduce((sum, bucket) => sum + bucket.sent, 0)).toBeGreaterThanOrEqual(7)
    })

    it('counts customers, instances by state, servers by health and alerts, in one request', async () => {
      const { serviceMetrics, seed, requests } = opened()
      const before = await serviceMetrics.overviewAcrossCustomers(hour)
      const customerId = await seedCustomer(seed)
      await seedCustomer(seed, { status: 'suspended' })
      await seedCustomer(seed, { deletedAt: new Date() })
      const serverId = await seedServer(seed)
      await seedServer(seed, { health: 'degraded' })
      await seedServer(seed, { leaseExpiresAt: null })
      await seedServer(seed, { status: 'maintenance' })
      await seedServer(seed, { deletedAt: new Date() })
      await seedInstance(seed, { customerId, serverId })
      await seedInstance(seed, { customerId, serverId }, { deletedAt: new Date() })
      const alert = (values: object) =>
        seed.insert('alerts', {
          id: newId('alert'),
          kind: 'redis-away',
          subject: newId('server'),
          details: {},
          ...values,
        })
      await alert({})
      await alert({ resolvedAt: new Date() })
      const asked = requests()
      const after = await serviceMetrics.overviewAcrossCustomers(hour)
      if (asked !== undefined) expect(requests()).toBe(asked + 1)
      expect(after.customers).toEqual({
        active: before.customers.active + 1,
        suspended: before.customers.suspended + 1,
      })
      expect(after.instances).toEqual({ ...before.instances, connected: (before.instances.connected ?? 0) + 1 })
      const { servers } = before
      expect(after.servers).toEqual({
        healthy: servers.healthy + 1,
        degraded: servers.degraded + 1,
        down: servers.down + 1,
        other: servers.other + 1,
      })
      expect(after.alerts).toEqual([{ kind: 'redis-away', acknowledged: false, count: 1 }])
    })
  })
}
