import { describe, expect, it } from 'vitest'
import { newId } from '#contracts/ids.ts'
import { seedServer } from '#core/testing/seed.ts'
import type { EdgeStores } from './edge-stores.ts'
import { openForSuite } from './open-for-suite.ts'

type Opened = Pick<EdgeStores, 'serverChecks' | 'servers' | 'alerts' | 'serviceMetrics' | 'seed' | 'requests' | 'close'>

export function serverChecksConformance(open: () => Promise<Opened>): void {
  describe('ServerChecks', () => {
    const opened = openForSuite(open)
    const healthy = { grade: 'healthy', reason: null, tookMs: 12 } as const
    const silent = { grade: 'unhealthy', reason: 'no-answer', tookMs: 10_000 } as const

    it('names every server whose worker should answer, with the run that holds its lease', async () => {
      const { serverChecks, seed } = opened()
      const live = await seedServer(seed, { incarnation: 'run-live' })
      const lost = await seedServer(seed, { status: 'maintenance', leaseExpiresAt: new Date(0) })
      const others = [
        await seedServer(seed, { status: 'provisioning' }),
        await seedServer(seed, { status: 'inactive' }),
        await seedServer(seed, { deletedAt: new Date() }),
      ]
      const targets = await serverChecks.targets()
      expect(targets).toContainEqual({ id: live, url: `https://${live}.example`, incarnation: 'run-live' })
      expect(targets).toContainEqual({ id: lost, url: `https://${lost}.example`, incarnation: null })
      for (const id of others) expect(targets.map((target) => target.id)).not.toContain(id)
    })

    it('keeps the newest check, and since when its grade is so, in one request', async () => {
      const { serverChecks, servers, seed, requests } = opened()
      const [a, b] = [await seedServer(seed), await seedServer(seed)]
      const asked = requests()
      expect(
        await serverChecks.record([
          { serverId: a, ...healthy },
          { serverId: b, ...silent },
        ]),
      ).toBe(2)
      if (asked !== undefined) expect(requests()).toBe(asked + 1)
      expect(await serverChecks.record([{ serverId: newId('server'), ...healthy }])).toBe(0)
      const first = (await servers.get(a))!.edgeCheck!
      expect(first).toEqual({ ...healthy, checkedAt: expect.any(Date) as Date, since: first.checkedAt })
      await seed.update('serverChecks', { serverId: a }, { checkedAt: new Date(1_000), since: new Date(1_000) })
      expect(await serverChecks.record([{ serverId: a, ...healthy, tookMs: 20 }])).toBe(0)
      const second = (await servers.get(a))!.edgeCheck!
      expect(second).toMatchObject({ ...healthy, tookMs: 20, since: new Date(1_000) })
      expect(second.checkedAt.getTime()).toBeGreaterThan(1_000)
      expect(await serverChecks.record([{ serverId: a, ...silent }])).toBe(1)
      const third = (await servers.get(a))!.edgeCheck!
      expect(third).toMatchObject({ ...silent, since: third.checkedAt })
      const { rows } = await servers.list({ q: b, sort: { by: 'name', descending: false } }, { page: 1, perPage: 5 })
      expect(rows).toMatchObject([{ id: b, edgeCheck: silent }])
      expect(await serverChecks.record([])).toBe(0)
    })

    it('has no check of a server that was never called', async () => {
      const { servers, seed } = opened()
      expect(await servers.get(await seedServer(seed))).toMatchObject({ edgeCheck: null })
    })

    it('is a fact for alerts and counts in the overview while it is fresh', async () => {
      const { alerts, serviceMetrics, seed } = opened()
      const overview = async () =>
        (await serviceMetrics.overviewAcrossCustomers({ rangeMs: 3_600_000, bucketMs: 60_000 })).servers
      const factOf = async (id: string) =>
        (await alerts.factsAcrossCustomers()).servers.find((server) => server.id === id)!.check
      const before = await overview()
      const serverId = await seedServer(seed)
      expect(await factOf(serverId)).toBeNull()
      expect(await overview()).toEqual({ ...before, healthy: before.healthy + 1 })
      const ago = (ms: number) => new Date(Date.now() - ms)
      const times = { checkedAt: ago(1_000), since: ago(100_000) }
      await seed.insert('serverChecks', { serverId, ...silent, ...times })
      expect(await overview()).toEqual({ ...before, degraded: before.degraded + 1 })
      const fact = await factOf(serverId)
      expect(fact).toMatchObject({ grade: 'unhealthy', reason: 'no-answer' })
      expect(fact!.sinceMs).toBeGreaterThanOrEqual(100_000)
      await seed.update('serverChecks', { serverId }, { checkedAt: ago(301_000) })
      expect(await factOf(serverId)).toBeNull()
      expect(await overview()).toEqual({ ...before, healthy: before.healthy + 1 })
    })
  })
}
