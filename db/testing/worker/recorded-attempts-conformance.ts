import { describe, expect, it } from 'vitest'
import { eventDataSchemas } from '#contracts/events.ts'
import { disabledAfterMs, type AttemptVerdict, type ClaimedDelivery } from '#core/ports/deliveries.ts'
import { seedCustomer } from '#core/testing/seed.ts'
import { answered, claim, deliveriesFixture, refused } from './deliveries-fixture.ts'
import { fromNow, seedEndpoint, seedOwnedInstance } from './worker-seeds.ts'
import type { WorkerWorld } from './worker-world.ts'

export function recordedAttemptsConformance(world: () => WorkerWorld): void {
  const { eventIds, arrange, claimOne, record, endpoint, stored } = deliveriesFixture(world)

  describe('recording an attempt', () => {
    it('keeps it and ends the delivery when it was delivered', async () => {
      const { seed } = world()
      const { deliver } = await arrange()
      await deliver('a')
      const delivery = await claimOne()
      expect(await record(delivery, answered, { verdict: 'delivered' })).toBe(true)
      expect(await stored(delivery)).toMatchObject({ status: 'delivered', attempts: 1, claimToken: null })
      expect((await stored(delivery))?.finishedAt).toBeInstanceOf(Date)
      expect(await seed.rows('deliveryAttempts')).toEqual([
        expect.objectContaining({ eventId: delivery.eventId, attempt: 1, ...answered }),
      ])
      expect(await record(delivery, answered, { verdict: 'delivered' })).toBe(false)
    })

    it('sets the time of the next attempt, and counts on', async () => {
      const { seed } = world()
      const { deliver } = await arrange()
      const { eventId } = await deliver('a')
      await record(await claimOne(), refused, { verdict: 'retry', afterMs: 30_000 })
      const waiting = await stored({ eventId })
      expect(waiting).toMatchObject({ status: 'pending', attempts: 1, claimToken: null, finishedAt: null })
      const waitMs = (waiting?.nextAttemptAt.getTime() ?? 0) - Date.now()
      expect(waitMs).toBeGreaterThan(25_000)
      expect(waitMs).toBeLessThan(35_000)
      await seed.update('deliveries', { eventId }, { nextAttemptAt: fromNow(-1) })
      const again = await claimOne()
      expect(again.attempts).toBe(1)
      await record(again, refused, { verdict: 'dead' })
      expect(await stored({ eventId })).toMatchObject({ status: 'dead', attempts: 2 })
      const attempts = await seed.rows('deliveryAttempts')
      expect(attempts.map(({ attempt, durationMs }) => `${attempt}: ${durationMs} ms`).toSorted()).toEqual([
        '1: 3 ms',
        '2: 3 ms',
      ])
    })

    it('keeps several at once, each by its own claim', async () => {
      const { deliveries } = world()
      const { deliver } = await arrange()
      for (const lane of ['a', 'b', 'c']) await deliver(lane)
      const claimed = await deliveries.claimDueAcrossCustomers(claim)
      const verdicts: AttemptVerdict[] = [
        { verdict: 'delivered' },
        { verdict: 'delivered' },
        { verdict: 'retry', afterMs: 60_000 },
      ]
      const attempts = verdicts.map((verdict, index) => ({ delivery: claimed[index]!, result: answered, verdict }))
      attempts[1] = { ...attempts[1]!, delivery: { ...claimed[1]!, claimToken: 'another' } }
      expect(await deliveries.record(attempts)).toEqual({ kept: [true, false, true], disabled: [] })
      const statuses = await Promise.all(claimed.map(async (delivery) => (await stored(delivery))?.status))
      expect(statuses).toEqual(['delivered', 'pending', 'pending'])
      expect(await deliveries.record([])).toEqual({ kept: [], disabled: [] })
    })

    it('counts no failed probe in the schedule, but keeps it', async () => {
      const { seed } = world()
      const { deliver } = await arrange()
      const { eventId } = await deliver('a', { attempts: 4 })
      await record(await claimOne(), refused, { verdict: 'probe-failed', afterMs: 30_000 })
      expect(await seed.rows('deliveryAttempts')).toMatchObject([{ attempt: 5 }])
      const waiting = await stored({ eventId })
      expect(waiting).toMatchObject({ status: 'pending', attempts: 5, attemptsBefore: 1, claimToken: null })
      expect(waiting?.nextAttemptAt.getTime()).toBeGreaterThan(Date.now() + 25_000)
    })

    it('keeps since when an endpoint fails, until an attempt succeeds', async () => {
      const { deliver, endpointId } = await arrange()
      await deliver('a')
      await record(await claimOne(), refused, { verdict: 'retry', afterMs: -1 })
      const since = (await endpoint(endpointId))?.failingSince
      expect(since).toBeInstanceOf(Date)
      await record(await claimOne(), refused, { verdict: 'retry', afterMs: -1 })
      expect((await endpoint(endpointId))?.failingSince).toEqual(since)
      await record(await claimOne(), answered, { verdict: 'delivered' })
      expect((await endpoint(endpointId))?.failingSince).toBeNull()
      await deliver('a')
      await record(await claimOne(), refused, { verdict: 'undeliverable' })
      expect(await endpoint(endpointId)).toMatchObject({ failingSince: null, status: 'enabled' })
    })

    it('counts an address as verified once it has answered', async () => {
      const { deliver, endpointId } = await arrange()
      await deliver('a')
      await record(await claimOne(), refused, { verdict: 'retry', afterMs: -1 })
      expect((await endpoint(endpointId))?.urlCheck).toBe('unverified')
      await record(await claimOne(), { ...answered, status: 500 }, { verdict: 'retry', afterMs: -1 })
      expect((await endpoint(endpointId))?.urlCheck).toBe('verified')
    })

    it('disables an endpoint that has failed for 5 days without one success', async () => {
      const { seed, deliveries } = world()
      for (const [agoMs, disabled] of [
        [disabledAfterMs - 60_000, false],
        [disabledAfterMs + 60_000, true],
      ] as const) {
        const { endpointId, deliver } = await arrange({ failingSince: fromNow(-agoMs) })
        const { eventId } = await deliver('a')
        const [delivery] = await deliveries.claimDueAcrossCustomers(claim)
        const verdict = { verdict: 'probe-failed', afterMs: 60_000 } as const
        expect(await deliveries.record([{ delivery: delivery!, result: refused, verdict }])).toEqual({
          kept: [true],
          disabled: disabled ? [{ endpointId, reason: 'endpoint-failing' }] : [],
        })
        expect((await endpoint(endpointId))?.status).toBe(disabled ? 'disabled' : 'enabled')
        // What is due to it waits for its customer.
        expect((await stored({ eventId }))?.status).toBe('pending')
      }
      const endpoints = await seed.rows('webhookEndpoints', { status: 'disabled' })
      expect(endpoints).toMatchObject([{ disabledReason: 'endpoint-failing' }])
    })

    it('keeps an endpoint that succeeds after having failed for longer', async () => {
      const { endpointId, deliver } = await arrange({ failingSince: fromNow(-2 * disabledAfterMs) })
      await deliver('a')
      await record(await claimOne(), answered, { verdict: 'delivered' })
      expect(await endpoint(endpointId)).toMatchObject({ status: 'enabled', failingSince: null })
    })

    it("disables an endpoint that is gone, and tells it to its customer's other endpoints that listen", async () => {
      const { seed, deliveries } = world()
      const { customerId, endpointId, deliver } = await arrange()
      await deliver('a')
      await deliver('b')
      const delivery = await claimOne({ limit: 1 })
      const instanceId = (await seedOwnedInstance(seed)).instanceId
      const listening = [
        await seedEndpoint(world(), customerId, { events: ['message.sent', 'webhook.disabled'] }),
        await seedEndpoint(world(), customerId),
      ]
      await seedEndpoint(world(), customerId, { events: ['message.sent'] })
      await seedEndpoint(world(), customerId, { status: 'disabled' })
      await seedEndpoint(world(), customerId, { instanceId })
      await seedEndpoint(world(), await seedCustomer(seed))
      const gone = { ...answered, status: 410 }
      expect(await deliveries.record([{ delivery, result: gone, verdict: { verdict: 'endpoint-gone' } }])).toEqual({
        kept: [true],
        disabled: [{ endpointId, reason: 'endpoint-gone' }],
      })
      expect((await stored(delivery))?.status).toBe('dead')
      const disabled = await endpoint(endpointId)
      expect(disabled).toMatchObject({ status: 'disabled', disabledReason: 'endpoint-gone' })
      const [event, ...more] = await seed.rows('events', { type: 'webhook.disabled' })
      expect(more).toEqual([])
      expect(event).toMatchObject({ customerId, instanceId: null, sequence: null })
      expect(eventDataSchemas['webhook.disabled'].parse(event?.data)).toEqual({
        webhook_id: endpointId,
        reason: 'endpoint-gone',
        failing_since: disabled?.failingSince?.toISOString(),
      })
      const told = await seed.rows('deliveries', { eventId: event?.id })
      expect(told.map((row) => row.endpointId).toSorted()).toEqual(listening.toSorted())
      expect(eventIds(await deliveries.claimDueAcrossCustomers(claim)).toSorted()).toEqual(
        told.map((row) => row.eventId).toSorted(),
      )
    })

    it('says once that an endpoint is gone, however many of its attempts hear it', async () => {
      const { seed, deliveries } = world()
      const { endpointId, deliver } = await arrange()
      for (const lane of ['a', 'b', 'c']) await deliver(lane)
      const [first, ...others] = await deliveries.claimDueAcrossCustomers(claim)
      const gone = (delivery: ClaimedDelivery) =>
        ({ delivery, result: { ...answered, status: 410 }, verdict: { verdict: 'endpoint-gone' } }) as const
      expect((await deliveries.record(others.map(gone))).disabled).toEqual([{ endpointId, reason: 'endpoint-gone' }])
      expect(await deliveries.record([gone(first!)])).toEqual({ kept: [true], disabled: [] })
      expect(await seed.rows('events', { type: 'webhook.disabled' })).toHaveLength(1)
    })

    it('disables nothing under a claim that was lost', async () => {
      const { seed } = world()
      const { endpointId, deliver } = await arrange()
      await deliver('a')
      const delivery = { ...(await claimOne()), claimToken: 'another' }
      expect(await record(delivery, answered, { verdict: 'endpoint-gone' })).toBe(false)
      expect((await seed.rows('webhookEndpoints', { id: endpointId }))[0]?.status).toBe('enabled')
    })

    it('keeps the first kilobyte of the answer and of the error', async () => {
      const { seed } = world()
      const { deliver } = await arrange()
      await deliver('a')
      const long = { status: 500, error: 'e'.repeat(5_000), durationMs: 1, response: 'r'.repeat(5_000) }
      await record(await claimOne(), long, { verdict: 'dead' })
      const [attempt] = await seed.rows('deliveryAttempts')
      expect([attempt?.error?.length, attempt?.response?.length]).toEqual([1_024, 1_024])
    })
  })
}
