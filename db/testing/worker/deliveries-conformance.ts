import { describe, expect, it } from 'vitest'
import { seedServer } from '#core/testing/seed.ts'
import { answered, claim, deliveriesFixture, refused } from './deliveries-fixture.ts'
import { fromNow, seedDelivery, seedEndpoint } from './worker-seeds.ts'
import type { WorkerWorld } from './worker-world.ts'

export function deliveriesConformance(world: () => WorkerWorld): void {
  const { eventIds, arrange, claimOne, record, stored } = deliveriesFixture(world)

  describe('claiming deliveries', () => {
    it('gives what is needed to send one', async () => {
      const { seed, deliveries } = world()
      const { customerId, endpointId, deliver } = await arrange({ url: 'https://example.com/a' })
      const { eventId } = await deliver('lane', { attempts: 3 })
      const [event] = await seed.rows('events', { id: eventId })
      expect(await deliveries.claimDueAcrossCustomers(claim)).toEqual([
        {
          endpointId,
          customerId,
          eventId,
          url: 'https://example.com/a',
          secrets: ['whsec_test'],
          attempts: 3,
          claimToken: 'dispatcher-1',
          event: {
            id: eventId,
            type: 'webhook.test',
            timestamp: event?.occurredAt.toISOString(),
            instance_id: null,
            sequence: null,
            data: { webhook_id: endpointId, note: 'seeded' },
          },
        },
      ])
    })

    it('gives the secret before the last rotation too, after the new one and only until its time is over', async () => {
      const { seed } = world()
      const { endpointId, deliver } = await arrange()
      const { keyRingId, secret } = await world().sealSecret(endpointId, 'whsec_before')
      const previous = { previousKeyRingId: keyRingId, previousSecret: secret }
      await seed.update('webhookEndpoints', { id: endpointId }, { ...previous, previousSecretUntil: fromNow(60_000) })
      await deliver('lane')
      const claimed = await claimOne()
      expect(claimed.secrets).toEqual(['whsec_test', 'whsec_before'])
      await record(claimed, answered, { verdict: 'delivered' })
      await seed.update('webhookEndpoints', { id: endpointId }, { previousSecretUntil: fromNow(-1) })
      await deliver('lane')
      expect((await claimOne()).secrets).toEqual(['whsec_test'])
    })

    it('begins the schedule of a replayed one anew, and goes on counting its attempts', async () => {
      const { seed } = world()
      const { deliver } = await arrange()
      const { eventId } = await deliver('lane', { attempts: 11, attemptsBefore: 11 })
      const claimed = await claimOne()
      expect(claimed.attempts).toBe(0)
      await record(claimed, refused, { verdict: 'retry', afterMs: -1 })
      expect(await seed.rows('deliveryAttempts', { eventId })).toMatchObject([{ attempt: 12 }])
      expect((await claimOne()).attempts).toBe(1)
    })

    it('takes the oldest of each lane only, and the next when that one is done', async () => {
      const { deliveries } = world()
      const { deliver } = await arrange()
      const a1 = await deliver('a')
      const b1 = await deliver('b')
      const a2 = await deliver('a')
      const claimed = await deliveries.claimDueAcrossCustomers(claim)
      expect(eventIds(claimed).toSorted()).toEqual([a1.eventId, b1.eventId].toSorted())
      expect(await deliveries.claimDueAcrossCustomers(claim)).toEqual([])
      for (const delivery of claimed) await record(delivery, answered, { verdict: 'delivered' })
      expect(eventIds(await deliveries.claimDueAcrossCustomers(claim))).toEqual([a2.eventId])
    })

    it('does not let a lane go on while its oldest waits for its retry, but after it was given up', async () => {
      const { seed, deliveries } = world()
      const { deliver } = await arrange()
      const first = await deliver('a')
      const second = await deliver('a')
      await record(await claimOne(), refused, { verdict: 'retry', afterMs: 60_000 })
      expect(await deliveries.claimDueAcrossCustomers(claim)).toEqual([])
      await seed.update('deliveries', { eventId: first.eventId }, { nextAttemptAt: fromNow(-1) })
      await record(await claimOne(), refused, { verdict: 'dead' })
      expect((await claimOne()).eventId).toBe(second.eventId)
    })

    it('takes lanes of the same name at different endpoints as different ones', async () => {
      const { deliveries } = world()
      const one = await arrange()
      const two = await arrange()
      const expected = [await one.deliver('a'), await two.deliver('a')].map(({ eventId }) => eventId)
      expect(eventIds(await deliveries.claimDueAcrossCustomers(claim)).toSorted()).toEqual(expected.toSorted())
    })

    it('gives again what was claimed and not recorded in time, to the new claim only', async () => {
      const { seed } = world()
      const { deliver } = await arrange()
      const { eventId } = await deliver('a')
      const lost = await claimOne()
      await seed.update('deliveries', { eventId }, { claimedUntil: fromNow(-1) })
      const taken = await claimOne({ token: 'dispatcher-2' })
      expect(taken.eventId).toBe(eventId)
      expect(await record(lost, answered, { verdict: 'delivered' })).toBe(false)
      expect(await stored(lost)).toMatchObject({ status: 'pending', attempts: 0, claimToken: 'dispatcher-2' })
      expect(await seed.rows('deliveryAttempts')).toEqual([])
      expect(await record(taken, answered, { verdict: 'delivered' })).toBe(true)
    })

    it('gives again at once what a run had claimed that holds no lease any more', async () => {
      const { seed, deliveries } = world()
      const { deliver } = await arrange()
      const dead = await seedServer(seed, { incarnation: 'run-2' })
      const { eventId } = await deliver('a')
      const lost = await claimOne({ incarnation: 'run-2' })
      expect(await deliveries.claimDueAcrossCustomers(claim)).toEqual([])
      await seed.update('servers', { id: dead }, { leaseExpiresAt: fromNow(-1) })
      const taken = await claimOne({ token: 'dispatcher-2' })
      expect(taken.eventId).toBe(eventId)
      expect(await record(lost, answered, { verdict: 'delivered' })).toBe(false)
      expect(await deliveries.claimDueAcrossCustomers(claim)).toEqual([])
      expect(await record(taken, answered, { verdict: 'delivered' })).toBe(true)
    })

    it('gives again what the run before the one that holds the lease of a server had claimed', async () => {
      const { seed } = world()
      const { deliver } = await arrange()
      const id = await seedServer(seed, { incarnation: 'run-2' })
      const { eventId } = await deliver('a')
      await claimOne({ incarnation: 'run-2' })
      await seed.update('servers', { id }, { incarnation: 'run-3' })
      expect((await claimOne({ incarnation: 'run-3' })).eventId).toBe(eventId)
    })

    it('keeps to the bound of an endpoint, and to what is told of one that is busy', async () => {
      const { deliveries } = world()
      const busy = await arrange()
      const idle = await arrange()
      for (const lane of ['a', 'b', 'c', 'd']) await busy.deliver(lane)
      const other = await idle.deliver('a')
      const room = (free: number) => ({
        perEndpoint: 2,
        endpoints: [{ endpointId: busy.endpointId, free, which: 'any' as const }],
      })
      const claimed = await deliveries.claimDueAcrossCustomers({ ...claim, ...room(0) })
      expect(eventIds(claimed)).toEqual([other.eventId])
      expect(await deliveries.claimDueAcrossCustomers({ ...claim, ...room(1) })).toHaveLength(1)
      expect(await deliveries.claimDueAcrossCustomers({ ...claim, perEndpoint: 2 })).toHaveLength(2)
      expect(await deliveries.claimDueAcrossCustomers({ ...claim, perEndpoint: 2 })).toHaveLength(1)
    })

    it('keeps to the bound of a customer, over all its endpoints', async () => {
      const { seed, deliveries } = world()
      const { customerId, deliver } = await arrange()
      const secondId = await seedEndpoint(world(), customerId)
      for (const lane of ['a', 'b', 'c']) {
        await deliver(lane)
        await seedDelivery(seed, { customerId, endpointId: secondId, lane })
      }
      const another = await arrange()
      const other = await another.deliver('a')
      const none = { ...claim, perCustomer: 4, customers: [{ customerId, free: 0 }] }
      expect(eventIds(await deliveries.claimDueAcrossCustomers(none))).toEqual([other.eventId])
      const claimed = await deliveries.claimDueAcrossCustomers({ ...claim, perCustomer: 4 })
      expect(claimed).toHaveLength(4)
      expect(claimed.filter(({ endpointId }) => endpointId === secondId)).toHaveLength(2)
    })

    it('lets customers take turns, those with the least on its way first, and then their endpoints', async () => {
      const { seed, deliveries } = world()
      const flooded = await arrange()
      for (const lane of ['a', 'b', 'c', 'd']) await flooded.deliver(lane)
      const secondId = await seedEndpoint(world(), flooded.customerId)
      const ofSecond = await seedDelivery(seed, { ...flooded, endpointId: secondId, lane: 'a' })
      const quiet = await arrange()
      const ofQuiet = await quiet.deliver('a')
      const busy = [{ customerId: flooded.customerId, free: 30 }]
      expect(eventIds(await deliveries.claimDueAcrossCustomers({ ...claim, limit: 1, customers: busy }))).toEqual([
        ofQuiet.eventId,
      ])
      const next = await deliveries.claimDueAcrossCustomers({ ...claim, limit: 2 })
      expect(eventIds(next)).toContain(ofSecond.eventId)
    })

    it('finds what is due wherever it begins to search', async () => {
      const { deliver } = await arrange()
      await deliver('a', { nextAttemptAt: fromNow(60_000) })
      const due = await deliver('b')
      await deliver('c', { nextAttemptAt: fromNow(60_000) })
      for (const random of [0, 0.3, 0.6, 0.999_999]) {
        const claimed = await claimOne({ random })
        expect(claimed.eventId).toBe(due.eventId)
        await record(claimed, refused, { verdict: 'retry', afterMs: -1 })
      }
    })

    it('begins with the oldest where only one is to be probed, and gives nothing but tests where it is told so', async () => {
      const { deliveries } = world()
      const { endpointId, deliver } = await arrange({ failingSince: fromNow(-60_000) })
      const oldest = await deliver('z')
      await deliver('a')
      const test = await deliver('webhook.test')
      const tests = { endpoints: [{ endpointId, free: 1, which: 'test' as const }] }
      expect((await claimOne(tests)).eventId).toBe(test.eventId)
      expect(await deliveries.claimDueAcrossCustomers({ ...claim, ...tests })).toEqual([])
      const probe = { endpoints: [{ endpointId, free: 1, which: 'oldest' as const }], random: 0.9 }
      expect((await claimOne(probe)).eventId).toBe(oldest.eventId)
    })

    it('gives more than tests once the endpoint does not count as failing any more', async () => {
      const { endpointId, deliver } = await arrange()
      const { eventId } = await deliver('a')
      expect((await claimOne({ endpoints: [{ endpointId, free: 1, which: 'test' }] })).eventId).toBe(eventId)
    })

    it('takes no more than asked and nothing that is not due, done, or for an endpoint that is off', async () => {
      const { deliveries } = world()
      const { deliver } = await arrange()
      const off = await arrange({ status: 'disabled' })
      const deleted = await arrange({ deletedAt: fromNow(-1) })
      await off.deliver('a')
      await deleted.deliver('a')
      await deliver('waits', { nextAttemptAt: fromNow(60_000) })
      await deliver('delivered', { status: 'delivered' })
      await deliver('dead', { status: 'dead' })
      await deliver('dropped', { status: 'dropped' })
      expect(await deliveries.claimDueAcrossCustomers(claim)).toEqual([])
      for (const lane of ['a', 'b', 'c']) await deliver(lane)
      expect(await deliveries.claimDueAcrossCustomers({ ...claim, limit: 2 })).toHaveLength(2)
    })
  })
}
