import { describe, expect, it } from 'vitest'
import { claimedForMs, keptForMs } from '#core/ports/idempotency.ts'
import { seedCustomer } from '#core/testing/seed.ts'
import type { EdgeStores } from './edge-stores.ts'
import { openForSuite } from './open-for-suite.ts'

const requestHash = new Uint8Array([0, 1, 254, 255])
const answer = { status: 201, body: { success: true, data: { name: 'a "b"', list: [1, null] } } }
const ago = (ms: number) => new Date(Date.now() - ms)

export function idempotencyConformance(open: () => Promise<Pick<EdgeStores, 'idempotency' | 'seed' | 'close'>>): void {
  describe('Idempotency', () => {
    const opened = openForSuite(open)
    let tokens = 0
    const request = (key = 'k') => ({ key, requestHash, token: `token-${++tokens}` })

    it('lets one of many begin, and gives the others its answer once there is one', async () => {
      const { idempotency, seed } = opened()
      const customerId = await seedCustomer(seed)
      const asked = Array.from({ length: 8 }, () => request())
      const outcomes = await Promise.all(asked.map((one) => idempotency.begin(customerId, one)))
      expect(outcomes.filter(({ outcome }) => outcome === 'begun')).toHaveLength(1)
      expect(outcomes.filter(({ outcome }) => outcome === 'running')).toHaveLength(7)
      const first = asked[outcomes.findIndex(({ outcome }) => outcome === 'begun')]!
      await idempotency.finish(customerId, first, answer)
      expect(await idempotency.begin(customerId, request())).toEqual({ outcome: 'finished', answer })
    })

    it('keeps keys of customers apart, and refuses another request under a key, also while the first runs', async () => {
      const { idempotency, seed } = opened()
      const customerId = await seedCustomer(seed)
      const first = request()
      await idempotency.begin(customerId, first)
      expect(await idempotency.begin(await seedCustomer(seed), request())).toEqual({ outcome: 'begun' })
      const other = () => idempotency.begin(customerId, { ...request(), requestHash: new Uint8Array([7]) })
      expect(await other()).toEqual({ outcome: 'mismatch' })
      await idempotency.finish(customerId, first, answer)
      expect(await other()).toEqual({ outcome: 'mismatch' })
    })

    it('begins anew what was released, for the same request', async () => {
      const { idempotency, seed } = opened()
      const customerId = await seedCustomer(seed)
      const first = request()
      await idempotency.begin(customerId, first)
      await idempotency.release(customerId, first)
      const other = { ...request(), requestHash: new Uint8Array([7]) }
      expect(await idempotency.begin(customerId, other)).toEqual({ outcome: 'mismatch' })
      expect(await idempotency.begin(customerId, request())).toEqual({ outcome: 'begun' })
    })

    it('lets another act for one that died, who then can keep nothing', async () => {
      const { idempotency, seed } = opened()
      const customerId = await seedCustomer(seed)
      const dead = request()
      await idempotency.begin(customerId, dead)
      const [row] = await seed.rows('idempotentRequests', { customerId })
      const leftMs = row!.claimedUntil.getTime() - Date.now()
      expect(leftMs).toBeGreaterThan(claimedForMs / 2)
      await seed.update('idempotentRequests', { customerId }, { claimedUntil: ago(1) })
      expect(await idempotency.begin(customerId, { ...request(), requestHash: new Uint8Array([7]) })).toEqual({
        outcome: 'mismatch',
      })
      expect(await idempotency.begin(customerId, request())).toEqual({ outcome: 'begun' })
      await idempotency.finish(customerId, dead, answer)
      await idempotency.release(customerId, dead)
      expect(await idempotency.begin(customerId, request())).toEqual({ outcome: 'running' })
    })

    it('forgets after seven days, and purges so many at a time', async () => {
      const { idempotency, seed } = opened()
      const customerId = await seedCustomer(seed)
      for (const key of ['a', 'b', 'c', 'young']) {
        const one = request(key)
        await idempotency.begin(customerId, one)
        await idempotency.finish(customerId, one, answer)
        const createdAt = ago(key === 'young' ? keptForMs - 60_000 : keptForMs)
        await seed.update('idempotentRequests', { customerId, key }, { createdAt })
      }
      const another = { ...request('a'), requestHash: new Uint8Array([7]) }
      expect(await idempotency.begin(customerId, another)).toEqual({ outcome: 'begun' })
      expect(await idempotency.purgeAcrossCustomers(1)).toBe(1)
      expect(await idempotency.purgeAcrossCustomers(10)).toBe(1)
      const kept = await seed.rows('idempotentRequests', { customerId })
      expect(kept.map(({ key }) => key).toSorted()).toEqual(['a', 'young'])
    })
  })
}
