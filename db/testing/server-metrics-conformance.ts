import { describe, expect, it } from 'vitest'
import type { EventType } from '#contracts/events.ts'
import { newId, type ServerId } from '#contracts/ids.ts'
import { noLatencies } from '#core/rules/latency.ts'
import { seedCustomer, seedInstance, seedServer } from '#core/testing/seed.ts'
import type { EdgeStores } from './edge-stores.ts'
import { openForSuite } from './open-for-suite.ts'

type Opened = Pick<EdgeStores, 'serverMetrics' | 'serviceMetrics' | 'seed' | 'requests' | 'close'>

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const floor = (ms: number, step: number) => Math.floor(ms / step) * step
const hour = { rangeMs: hourMs, bucketMs: minuteMs }
const day = { rangeMs: 24 * hourMs, bucketMs: 15 * minuteMs }
const week = { rangeMs: 7 * 24 * hourMs, bucketMs: 2 * hourMs }

const quiet = { cpu: null, memory: null, disk: null, networkIn: null, networkOut: null, eventLoopLagMs: null }
const nothing = { ...quiet, sessions: null, sent: 0, received: 0, failed: 0, latency: noLatencies() }
const classed = (...counts: number[]) => noLatencies().map((none, index) => counts[index] ?? none)

export function serverMetricsConformance(open: () => Promise<Opened>): void {
  describe('ServerMetrics', () => {
    const opened = openForSuite(open)

    const first = {
      cpu: 0.25,
      memory: 0.5,
      disk: 0.5,
      networkIn: 1_000,
      networkOut: 10,
      eventLoopLagMs: 4,
      sessions: 2,
    }
    const second = { cpu: 0.75, memory: 0.5, disk: null, networkIn: 4_000_000_000, networkOut: null, sessions: 4 }
    /** Two minutes of one quarter of an hour that is over. */
    async function seedMinutes(serverId: ServerId, at: number) {
      const { seed } = opened()
      await seed.insert('serverMinutes', { serverId, at: new Date(at), ...first, sent: 3, latency: classed(1, 2) })
      const next = { at: new Date(at + minuteMs), ...second, eventLoopLagMs: 90, received: 5, failed: 1 }
      await seed.insert('serverMinutes', { serverId, ...next, latency: classed(0, 1) })
    }
    const folded = {
      cpu: 0.5,
      memory: 0.5,
      disk: 0.5,
      networkIn: 4_000_001_000,
      networkOut: 10,
      eventLoopLagMs: 90,
      sessions: 3,
      sent: 3,
      received: 5,
      failed: 1,
      latency: classed(1, 3),
    }

    it('folds minutes into buckets without gaps, of this server alone, in one request', async () => {
      const { serverMetrics, seed, requests } = opened()
      const [serverId, other] = [await seedServer(seed), await seedServer(seed)]
      const at = floor(Date.now() - 20 * minuteMs, 15 * minuteMs)
      await seedMinutes(serverId, at)
      await seedMinutes(other, at)
      const asked = requests()
      const points = (await serverMetrics.series(serverId, day))!
      if (asked !== undefined) expect(requests()).toBe(asked + 1)
      const times = points.map((point) => point.at.getTime())
      expect(times).toEqual(times.map((_time, index) => times[0]! + index * day.bucketMs))
      expect(points.length).toBeGreaterThanOrEqual(96)
      expect(points.find((point) => point.at.getTime() === at)).toEqual({ at: new Date(at), ...folded })
      expect(points.filter((point) => point.at.getTime() !== at).map(({ at: _at, ...rest }) => rest)).toEqual(
        points.slice(1).map(() => nothing),
      )
    })

    it('keeps a minute as it is', async () => {
      const { serverMetrics, seed } = opened()
      const serverId = await seedServer(seed)
      const at = floor(Date.now() - 20 * minuteMs, minuteMs)
      await seedMinutes(serverId, at)
      const points = (await serverMetrics.series(serverId, hour))!
      expect(points.find((point) => point.at.getTime() === at)).toEqual({
        ...nothing,
        at: new Date(at),
        ...first,
        sent: 3,
        latency: classed(1, 2),
      })
    })

    it('adds minutes to their hours, those of the newest again, and shows long spans by hours', async () => {
      const { serverMetrics, seed } = opened()
      const serverId = await seedServer(seed)
      const at = floor(Date.now(), hourMs)
      const hours = async () => seed.rows('serverHours', { serverId })
      await seedMinutes(serverId, at - hourMs)
      expect(await serverMetrics.rollUpHours()).toBeGreaterThanOrEqual(1)
      expect(await serverMetrics.rollUpHours()).toBe(0)
      expect(await hours()).toEqual([{ serverId, at: new Date(at - hourMs), ...folded }])
      await seed.insert('serverMinutes', { serverId, at: new Date(at), sent: 1 })
      await seed.insert('serverMinutes', { serverId, at: new Date(at - 3 * minuteMs), sent: 4 })
      expect(await serverMetrics.rollUpHours()).toBe(2)
      expect(await hours()).toEqual(
        expect.arrayContaining([
          { ...nothing, serverId, at: new Date(at), sent: 1 },
          { serverId, at: new Date(at - hourMs), ...folded, sent: 7 },
        ]),
      )
      // Long after the minutes are gone.
      await seed.update('serverMinutes', { serverId }, { sent: 1_000 })
      const points = (await serverMetrics.series(serverId, week))!
      expect(points.reduce((sum, { sent }) => sum + sent, 0)).toBe(8)
      expect(points.reduce((sum, { received }) => sum + received, 0)).toBe(5)
    })

    it('has what the event log tells of the messages of the instances that are placed there', async () => {
      const { serverMetrics, serviceMetrics, seed } = opened()
      const [customerId, serverId] = [await seedCustomer(seed), await seedServer(seed)]
      const at = floor(Date.now(), minuteMs) - 10 * minuteMs
      await seed.insert('serverMinutes', { serverId, at: new Date(at), cpu: 0.5 })
      const times = { created_at: '2026-01-31T12:00:00.000Z', sent_at: '2026-01-31T12:00:00.150Z' }
      const told: [EventType, object][] = [
        ['message.sent', { status: 'sent', ...times }],
        ['message.received', { status: 'received' }],
        ['message.failed', { status: 'failed' }],
        ['message.failed', { status: 'cancelled' }],
      ]
      for (const instanceId of [
        await seedInstance(seed, { customerId, serverId }),
        await seedInstance(seed, { customerId, serverId }),
      ]) {
        for (const [type, data] of told) {
          const occurredAt = new Date(at + 5_000)
          await seed.insert('events', {
            id: newId('event'),
            customerId,
            instanceId,
            type,
            data: { ...data },
            occurredAt,
          })
        }
      }
      await serviceMetrics.rollUpMinutesAcrossCustomers()
      await serviceMetrics.rollUpMinutesAcrossCustomers()
      const points = (await serverMetrics.series(serverId, hour))!
      expect(points.find((point) => point.at.getTime() === at)).toEqual({
        ...nothing,
        at: new Date(at),
        cpu: 0.5,
        sent: 2,
        received: 2,
        failed: 2,
        latency: classed(0, 2),
      })
    })

    it('knows no series of a server that there is not', async () => {
      const { serverMetrics, seed } = opened()
      const deleted = await seedServer(seed, { deletedAt: new Date() })
      for (const id of [deleted, newId('server')]) expect(await serverMetrics.series(id, hour)).toBeUndefined()
    })
  })
}
