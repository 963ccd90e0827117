import { describe, expect, it } from 'vitest'
import type { AttemptResult, ClaimedDelivery } from '#core/ports/deliveries.ts'
import type { MemoryRows } from '#core/testing/memory-rows.ts'
import { seedCustomer } from '#core/testing/seed.ts'
import { fromNow, seedDelivery, seedEndpoint } from './worker-seeds.ts'
import type { WorkerWorld } from './worker-world.ts'

const claim = { token: 'dispatcher-1', claimMs: 45_000, limit: 10, perEndpoint: 8 }
const answered: AttemptResult = { status: 200, error: null, durationMs: 12, response: 'ok' }
const refused: AttemptResult = { status: null, error: 'connect-refused', durationMs: 3.4, response: null }

export function deliveriesConformance(world: () => WorkerWorld): void {
  const eventIds = (claimed: readonly ClaimedDelivery[]) => claimed.map(({ eventId }) => eventId)

  async function arrange(endpoint: Partial<MemoryRows['webhookEndpoints']> = {}) {
    const { seed } = world()
    const customerId = await seedCustomer(seed)
    const endpointId = await seedEndpoint(world(), customerId, endpoint)
    const deliver = (lane: string, values: Partial<MemoryRows['deliveries']> = {}) =>
      seedDelivery(seed, { customerId, endpointId, lane }, values)
    return { customerId, endpointId, deliver }
  }

  async function claimOne(options: Partial<typeof claim> = {}): Promise<ClaimedDelivery> {
    const [delivery, ...others] = await world().deliveries.claimDueAcrossCustomers({ ...claim, ...options })
    if (delivery === undefined || others.length > 0) throw new Error('Not one delivery was claimed.')
    return delivery
  }

  const stored = async ({ eventId }: Pick<ClaimedDelivery, 'eventId'>) =>
    (await world().seed.rows('deliveries', { eventId }))[0]

  describe('claiming deliveries', () => {
    it('gives what is needed to send one', async () => {
      const { seed, deliveries } = world()
      const { endpointId, deliver } = await arrange({ url: 'https://example.com/a' })
      const { eventId } = await deliver('lane', { attempts: 3 })
      const [event] = await seed.rows('events', { id: eventId })
      expect(await deliveries.claimDueAcrossCustomers(claim)).toEqual([
        {
          endpointId,
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
      const { seed, deliveries } = world()
      const { endpointId, deliver } = await arrange()
      const { keyRingId, secret } = await world().sealSecret(endpointId, 'whsec_before')
      const previous = { previousKeyRingId: keyRingId, previousSecret: secret }
      await seed.update('webhookEndpoints', { id: endpointId }, { ...previous, previousSecretUntil: fromNow(60_000) })
      await deliver('lane')
      const claimed = await claimOne()
      expect(claimed.secrets).toEqual(['whsec_test', 'whsec_before'])
      await deliveries.record(claimed, answered, { verdict: 'delivered' })
      await seed.update('webhookEndpoints', { id: endpointId }, { previousSecretUntil: fromNow(-1) })
      await deliver('lane')
      expect((await claimOne()).secrets).toEqual(['whsec_test'])
    })

    it('begins the schedule of a replayed one anew, and goes on counting its attempts', async () => {
      const { seed, deliveries } = world()
      const { deliver } = await arrange()
      const { eventId } = await deliver('lane', { attempts: 11, attemptsBefore: 11 })
      const claimed = await claimOne()
      expect(claimed.attempts).toBe(0)
      await deliveries.record(claimed, refused, { verdict: 'retry', afterMs: -1 })
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
      for (const delivery of claimed) await deliveries.record(delivery, answered, { verdict: 'delivered' })
      expect(eventIds(await deliveries.claimDueAcrossCustomers(claim))).toEqual([a2.eventId])
    })

    it('does not let a lane go on while its oldest waits for its retry, but after it was given up', async () => {
      const { seed, deliveries } = world()
      const { deliver } = await arrange()
      const first = await deliver('a')
      const second = await deliver('a')
      await deliveries.record(await claimOne(), refused, { verdict: 'retry', afterMs: 60_000 })
      expect(await deliveries.claimDueAcrossCustomers(claim)).toEqual([])
      await seed.update('deliveries', { eventId: first.eventId }, { nextAttemptAt: fromNow(-1) })
      await deliveries.record(await claimOne(), refused, { verdict: 'dead' })
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
      const { seed, deliveries } = world()
      const { deliver } = await arrange()
      const { eventId } = await deliver('a')
      const lost = await claimOne()
      await seed.update('deliveries', { eventId }, { claimedUntil: fromNow(-1) })
      const taken = await claimOne({ token: 'dispatcher-2' })
      expect(taken.eventId).toBe(eventId)
      expect(await deliveries.record(lost, answered, { verdict: 'delivered' })).toBe(false)
      expect(await stored(lost)).toMatchObject({ status: 'pending', attempts: 0, claimToken: 'dispatcher-2' })
      expect(await seed.rows('deliveryAttempts')).toEqual([])
      expect(await deliveries.record(taken, answered, { verdict: 'delivered' })).toBe(true)
    })

    it('keeps to the bound of an endpoint, counting what runs already', async () => {
      const { deliveries } = world()
      const busy = await arrange()
      const idle = await arrange()
      for (const lane of ['a', 'b', 'c', 'd']) await busy.deliver(lane)
      const options = { ...claim, perEndpoint: 2 }
      expect(await deliveries.claimDueAcrossCustomers({ ...options, limit: 1 })).toHaveLength(1)
      const other = await idle.deliver('a')
      const claimed = await deliveries.claimDueAcrossCustomers(options)
      expect(claimed).toHaveLength(2)
      expect(eventIds(claimed)).toContain(other.eventId)
      expect(await deliveries.claimDueAcrossCustomers(options)).toEqual([])
      await deliveries.record(
        claimed.find(({ endpointId }) => endpointId === busy.endpointId)!,
        answered,
        {
          verdict: 'delivered',
        },
      )
      expect(await deliveries.claimDueAcrossCustomers(options)).toHaveLength(1)
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

  describe('recording an attempt', () => {
    it('keeps it and ends the delivery when it was delivered', async () => {
      const { seed, deliveries } = world()
      const { deliver } = await arrange()
      await deliver('a')
      const delivery = await claimOne()
      expect(await deliveries.record(delivery, answered, { verdict: 'delivered' })).toBe(true)
      expect(await stored(delivery)).toMatchObject({ status: 'delivered', attempts: 1, claimToken: null })
      expect((await stored(delivery))?.finishedAt).toBeInstanceOf(Date)
      expect(await seed.rows('deliveryAttempts')).toEqual([
        expect.objectContaining({ eventId: delivery.eventId, attempt: 1, ...answered }),
      ])
      expect(await deliveries.record(delivery, answered, { verdict: 'delivered' })).toBe(false)
    })

    it('sets the time of the next attempt, and counts on', async () => {
      const { seed, deliveries } = world()
      const { deliver } = await arrange()
      const { eventId } = await deliver('a')
      await deliveries.record(await claimOne(), refused, { verdict: 'retry', afterMs: 30_000 })
      const waiting = await stored({ eventId })
      expect(waiting).toMatchObject({ status: 'pending', attempts: 1, claimToken: null, finishedAt: null })
      const waitMs = (waiting?.nextAttemptAt.getTime() ?? 0) - Date.now()
      expect(waitMs).toBeGreaterThan(25_000)
      expect(waitMs).toBeLessThan(35_000)
      await seed.update('deliveries', { eventId }, { nextAttemptAt: fromNow(-1) })
      const again = await claimOne()
      expect(again.attempts).toBe(1)
      await deliveries.record(again, refused, { verdict: 'dead' })
      expect(await stored({ eventId })).toMatchObject({ status: 'dead', attempts: 2 })
      const attempts = await seed.rows('deliveryAttempts')
      expect(attempts.map(({ attempt, durationMs }) => `${attempt}: ${durationMs} ms`).toSorted()).toEqual([
        '1: 3 ms',
        '2: 3 ms',
      ])
    })

    it('disables an endpoint that is gone', async () => {
      const { seed, deliveries } = world()
      const { endpointId, deliver } = await arrange()
      await deliver('a')
      await deliver('b')
      const delivery = await claimOne({ limit: 1 })
      await deliveries.record(delivery, { ...answered, status: 410 }, { verdict: 'endpoint-gone' })
      expect((await stored(delivery))?.status).toBe('dead')
      const [endpoint] = await seed.rows('webhookEndpoints', { id: endpointId })
      expect(endpoint).toMatchObject({ status: 'disabled', disabledReason: 'endpoint-gone' })
      expect(await deliveries.claimDueAcrossCustomers(claim)).toEqual([])
    })

    it('disables nothing under a claim that was lost', async () => {
      const { seed, deliveries } = world()
      const { endpointId, deliver } = await arrange()
      await deliver('a')
      const delivery = { ...(await claimOne()), claimToken: 'another' }
      expect(await deliveries.record(delivery, answered, { verdict: 'endpoint-gone' })).toBe(false)
      expect((await seed.rows('webhookEndpoints', { id: endpointId }))[0]?.status).toBe('enabled')
    })

    it('keeps the first kilobyte of the answer and of the error', async () => {
      const { seed, deliveries } = world()
      const { deliver } = await arrange()
      await deliver('a')
      const long = { status: 500, error: 'e'.repeat(5_000), durationMs: 1, response: 'r'.repeat(5_000) }
      await deliveries.record(await claimOne(), long, { verdict: 'dead' })
      const [attempt] = await seed.rows('deliveryAttempts')
      expect([attempt?.error?.length, attempt?.response?.length]).toEqual([1_024, 1_024])
    })
  })
}
