import { describe, expect, it } from 'vitest'
import { newId } from '#contracts/ids.ts'
import type { Cause } from '#core/ports/alerts.ts'
import type { MemoryRows } from '#core/testing/memory-rows.ts'
import { seedAdmin, seedCustomer, seedInstance, seedServer, type Seed } from '#core/testing/seed.ts'
import { auditEntry } from './audit-fixture.ts'
import type { EdgeStores } from './edge-stores.ts'
import { openForSuite } from './open-for-suite.ts'

type Opened = Pick<EdgeStores, 'alerts' | 'seed' | 'requests' | 'close'>

const page = { page: 1, perPage: 10 }
const quietMs = 180_000
const longAgo = () => new Date(Date.now() - quietMs - 1_000)

const causeOf = (subject: string, details: object = {}): Cause => ({
  kind: 'server-down',
  subject,
  customerId: null,
  details: { ...details },
})

function seedAlert(seed: Seed, values: Partial<MemoryRows['alerts']> = {}) {
  const id = newId('alert')
  return seed.insert('alerts', { id, kind: 'server-down', subject: id, customerId: null, details: {}, ...values })
}

export function alertsConformance(open: () => Promise<Opened>): void {
  describe('Alerts', () => {
    const opened = openForSuite(open)
    const bySubject = async (subject: string) => (await opened().alerts.list({ subject }, page)).rows

    describe('facts', () => {
      it('tell how full servers that should work are, and since when their lease is over', async () => {
        const { alerts, seed } = opened()
        const customerId = await seedCustomer(seed)
        const live = await seedServer(seed, { name: 'live', maxCapacity: 7, health: 'degraded' })
        const lost = await seedServer(seed, { status: 'draining', leaseExpiresAt: new Date(Date.now() - 40_000) })
        const never = await seedServer(seed, { incarnation: null, leaseExpiresAt: null })
        const others = [
          await seedServer(seed, { status: 'maintenance' }),
          await seedServer(seed, { deletedAt: new Date() }),
        ]
        await seedInstance(seed, { customerId, serverId: live })
        await seedInstance(seed, { customerId, serverId: live }, { deletedAt: new Date() })
        const { servers } = await alerts.factsAcrossCustomers()
        const of = (id: string) => servers.find((server) => server.id === id)
        const told = { name: 'live', status: 'active', health: 'degraded', placed: 1, maxCapacity: 7 }
        expect(of(live)).toMatchObject({ ...told, leaseEndedMs: expect.any(Number) as number })
        expect(of(live)!.leaseEndedMs).toBeLessThan(0)
        expect(of(lost)!.leaseEndedMs).toBeGreaterThanOrEqual(40_000)
        expect(of(never)!.leaseEndedMs).toBeNull()
        for (const id of others) expect(of(id)).toBeUndefined()
      })

      it('tell which instances of active customers are logged out or banned although they are wanted', async () => {
        const { alerts, seed } = opened()
        const serverId = await seedServer(seed)
        const active = await seedCustomer(seed)
        const suspended = await seedCustomer(seed, { status: 'suspended' })
        const instance = (values: Partial<MemoryRows['instances']>, customerId = active) =>
          seedInstance(seed, { customerId, serverId }, values)
        const loggedOut = await instance({
          state: 'logged_out',
          reason: 'wa-logged-out',
          stateChangedAt: new Date(1_000),
        })
        const banned = await instance({ state: 'banned', reason: 'wa-temporary-ban', stateChangedAt: new Date(2_000) })
        await instance({})
        await instance({ state: 'logged_out', desired: 'stopped' })
        await instance({ state: 'banned', deletedAt: new Date() })
        await instance({ state: 'banned' }, suspended)
        const { instances } = await alerts.factsAcrossCustomers()
        expect(instances.filter(({ customerId }) => [active, suspended].includes(customerId))).toEqual([
          {
            id: banned,
            customerId: active,
            state: 'banned',
            reason: 'wa-temporary-ban',
            stateChangedAt: new Date(2_000),
          },
          {
            id: loggedOut,
            customerId: active,
            state: 'logged_out',
            reason: 'wa-logged-out',
            stateChangedAt: new Date(1_000),
          },
        ])
      })

      it('tell which endpoints we disabled, and not which the customer did', async () => {
        const { alerts, seed } = opened()
        const customerId = await seedCustomer(seed)
        const place = { url: 'https://example.com/hooks', events: ['*'], keyRingId: 'k1', secret: new Uint8Array(1) }
        const endpoint = (values: Partial<MemoryRows['webhookEndpoints']>) =>
          seed.insert('webhookEndpoints', { id: newId('webhook'), customerId, ...place, status: 'disabled', ...values })
        const disabledReason = 'endpoint-failing'
        const ours = await endpoint({ disabledReason, failingSince: new Date(1_000) })
        await endpoint({})
        await endpoint({ disabledReason, deletedAt: new Date() })
        const { webhooks } = await alerts.factsAcrossCustomers()
        expect(webhooks.filter((webhook) => webhook.customerId === customerId)).toEqual([
          { id: ours.id, customerId, reason: disabledReason, failingSince: new Date(1_000) },
        ])
      })

      it("tell who is near the end of today's quota", async () => {
        const { alerts, seed } = opened()
        const day = new Date().toISOString().slice(0, 10)
        const usage = async (messages: number, quota: number | null, on = day) => {
          const customerId = await seedCustomer(seed)
          await seed.insert('usageDays', { customerId, day: on, messages, quota })
          return customerId
        }
        const near = await usage(900, 1_000)
        const others = [await usage(899, 1_000), await usage(900, null), await usage(1_000, 1_000, '2026-01-31')]
        const { quotas } = await alerts.factsAcrossCustomers()
        expect(quotas.filter(({ customerId }) => [near, ...others].includes(customerId))).toEqual([
          { customerId: near, day, messages: 900, quota: 1_000 },
        ])
      })

      it('tell how many messages ended lately', async () => {
        const { alerts, seed } = opened()
        const counts = { received: 0, latency: [] }
        const minute = (ago: number) => new Date(Math.floor(Date.now() / 60_000 - ago) * 60_000)
        await seed.insert('minuteStats', { minute: minute(3), sent: 4, failed: 1, ...counts })
        await seed.insert('minuteStats', { minute: minute(20), sent: 50, failed: 50, ...counts })
        expect((await alerts.factsAcrossCustomers()).messages).toMatchObject({ sent: 4, failed: 1 })
      })

      it('cost one request', async () => {
        const { alerts, requests } = opened()
        const before = requests()
        await alerts.factsAcrossCustomers()
        if (before !== undefined) expect(requests()).toBe(before + 1)
      })
    })

    it('opens one alert per kind and subject, and keeps what was seen last', async () => {
      const { alerts } = opened()
      const subject = newId('server')
      expect(await alerts.settle([causeOf(subject, { n: 1 })], quietMs)).toMatchObject({ opened: 1 })
      expect(await alerts.settle([causeOf(subject, { n: 2 })], quietMs)).toMatchObject({ opened: 0 })
      const found = await bySubject(subject)
      expect(found).toMatchObject([{ kind: 'server-down', subject, details: { n: 2 }, resolvedAt: null }])
      const degraded = { ...causeOf(subject), kind: 'server-degraded' as const }
      expect(await alerts.settle([causeOf(subject), degraded], quietMs)).toMatchObject({ opened: 1 })
    })

    it('resolves by itself what has not been seen for long, and opens it anew when it comes back', async () => {
      const { alerts, seed } = opened()
      const subject = newId('server')
      await alerts.settle([causeOf(subject)], quietMs)
      await alerts.settle([], quietMs)
      expect(await bySubject(subject)).toMatchObject([{ resolvedAt: null }])
      await seed.update('alerts', { subject }, { seenAt: longAgo() })
      expect(await alerts.settle([], quietMs)).toMatchObject({ opened: 0, resolved: 1 })
      expect(await bySubject(subject)).toMatchObject([{ resolvedAt: expect.any(Date) as Date, resolvedBy: null }])
      expect(await alerts.settle([causeOf(subject)], quietMs)).toEqual({ opened: 1, resolved: 0 })
      expect(await bySubject(subject)).toHaveLength(2)
    })

    it('two runs at once open no alert twice', async () => {
      const { alerts } = opened()
      const subject = newId('server')
      await Promise.all([alerts.settle([causeOf(subject)], quietMs), alerts.settle([causeOf(subject)], quietMs)])
      expect(await bySubject(subject)).toHaveLength(1)
    })

    it('is acknowledged and resolved once, by whoever was first, with an entry in the audit log', async () => {
      const { alerts, seed } = opened()
      const [ana, ben] = [await seedAdmin(seed), await seedAdmin(seed)]
      const { id } = await seedAlert(seed)
      const entry = (adminId: typeof ana, action: string) => auditEntry(adminId, { action, target: id })
      const first = await alerts.acknowledge(id, entry(ana, 'alert.acknowledge'))
      expect(first).toMatchObject({
        id,
        acknowledgedBy: ana,
        acknowledgedAt: expect.any(Date) as Date,
        resolvedAt: null,
      })
      expect(await alerts.acknowledge(id, entry(ben, 'alert.acknowledge'))).toEqual(first)
      expect(await alerts.resolve(id, entry(ben, 'alert.resolve'))).toMatchObject({
        acknowledgedBy: ana,
        resolvedBy: ben,
      })
      expect(await alerts.resolve(id, entry(ana, 'alert.resolve'))).toMatchObject({ resolvedBy: ben })
      const logged = await seed.rows('auditLogs', { target: id })
      expect(Object.fromEntries(logged.map(({ action, adminId }) => [action, adminId]))).toEqual({
        'alert.acknowledge': ana,
        'alert.resolve': ben,
      })
      expect(logged).toHaveLength(2)
    })

    it('acknowledges nothing that is resolved, and nothing that is not there', async () => {
      const { alerts, seed } = opened()
      const adminId = await seedAdmin(seed)
      const { id } = await seedAlert(seed, { resolvedAt: new Date() })
      expect(await alerts.acknowledge(id, auditEntry(adminId))).toMatchObject({ acknowledgedAt: null })
      expect(await alerts.acknowledge(newId('alert'), auditEntry(adminId))).toBeUndefined()
      expect(await alerts.resolve(newId('alert'), auditEntry(adminId))).toBeUndefined()
      expect(await seed.rows('auditLogs', { adminId })).toEqual([])
    })

    it('is listed newest first, by state, kind and customer', async () => {
      const { alerts, seed } = opened()
      const customerId = await seedCustomer(seed)
      const alert = (minute: number, values: Partial<MemoryRows['alerts']> = {}) =>
        seedAlert(seed, { customerId, openedAt: new Date(minute * 60_000), ...values })
      const open = await alert(1)
      const acknowledged = await alert(2, { acknowledgedAt: new Date(), kind: 'server-full' })
      const resolved = await alert(3, { acknowledgedAt: new Date(), resolvedAt: new Date() })
      const idsOf = async (filter: Parameters<typeof alerts.list>[0]) =>
        (await alerts.list({ customerId, ...filter }, page)).rows.map(({ id }) => id)
      expect(await idsOf({})).toEqual([resolved.id, acknowledged.id, open.id])
      expect(await idsOf({ state: 'open' })).toEqual([open.id])
      expect(await idsOf({ state: 'acknowledged' })).toEqual([acknowledged.id])
      expect(await idsOf({ state: 'resolved' })).toEqual([resolved.id])
      expect(await idsOf({ kind: 'server-full' })).toEqual([acknowledged.id])
      expect(await alerts.list({ customerId }, { page: 2, perPage: 2 })).toMatchObject({
        total: 3,
        rows: [{ id: open.id }],
      })
    })
  })

  describe('Notices of alerts', () => {
    const opened = openForSuite(open)
    const dueOf = async () => (await opened().alerts.untold(10)).map(({ alert, due }) => [alert.id, due])

    it('are due when it opens and when it ends, until both were taken', async () => {
      const { alerts, seed } = opened()
      const { id } = await seedAlert(seed)
      expect(await dueOf()).toEqual([[id, ['opened']]])
      await seed.update('alerts', { id }, { resolvedAt: new Date() })
      expect(await dueOf()).toEqual([[id, ['opened', 'resolved']]])
      await alerts.markTold(id, 'opened')
      expect(await dueOf()).toEqual([[id, ['resolved']]])
      await alerts.markTold(id, 'resolved')
      expect(await dueOf()).toEqual([])
    })

    it('that failed let others go first', async () => {
      const { alerts, seed } = opened()
      const first = await seedAlert(seed, { openedAt: new Date(1_000) })
      const second = await seedAlert(seed, { openedAt: new Date(2_000) })
      expect((await dueOf()).map(([id]) => id)).toEqual([first.id, second.id])
      await alerts.markTried(first.id)
      expect((await dueOf()).map(([id]) => id)).toEqual([second.id, first.id])
      expect(await alerts.untold(1)).toHaveLength(1)
      for (const { id } of [first, second]) await alerts.markTold(id, 'opened')
    })

    it('of what is over are dropped when nobody listens, and not those of what goes on', async () => {
      const { alerts, seed } = opened()
      const going = await seedAlert(seed)
      await seedAlert(seed, { resolvedAt: new Date() })
      expect(await alerts.dropResolvedNotices()).toBe(1)
      expect(await dueOf()).toEqual([[going.id, ['opened']]])
    })
  })
}
