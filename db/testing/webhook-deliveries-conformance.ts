import { describe, expect, it } from 'vitest'
import { newId, type CustomerId, type EventId, type WebhookId } from '#contracts/ids.ts'
import type { DeliveryQuery, DeliveryStatus } from '#core/ports/webhook-deliveries.ts'
import type { MemoryRows } from '#core/testing/memory-rows.ts'
import { seedCustomer } from '#core/testing/seed.ts'
import type { EdgeStores } from './edge-stores.ts'
import { openForSuite } from './open-for-suite.ts'

type Opened = Pick<EdgeStores, 'webhookDeliveries' | 'seed' | 'close'>

export function webhookDeliveriesConformance(open: () => Promise<Opened>): void {
  const opened = openForSuite(open)

  async function arrange(values: Partial<MemoryRows['webhookEndpoints']> = {}) {
    const { seed } = opened()
    const customerId = await seedCustomer(seed)
    const id = newId('webhook')
    const secret = new Uint8Array(28)
    const url = 'https://example.com'
    await seed.insert('webhookEndpoints', { id, customerId, url, events: ['*'], keyRingId: 'k', secret, ...values })
    return { customerId, id }
  }

  async function deliver(
    { customerId, id: endpointId }: { customerId: CustomerId; id: WebhookId },
    status: DeliveryStatus,
    { occurredAt = new Date(), ...values }: Partial<MemoryRows['deliveries']> & { occurredAt?: Date } = {},
  ): Promise<EventId> {
    const { seed } = opened()
    const eventId = newId('event')
    await seed.insert('events', { id: eventId, customerId, type: 'webhook.test', data: {}, occurredAt })
    await seed.insert('deliveries', { eventId, endpointId, customerId, lane: 'lane', status, ...values })
    return eventId
  }

  const stored = async (eventId: EventId) => (await opened().seed.rows('deliveries', { eventId }))[0]

  describe('WebhookDeliveries, listing', () => {
    it('shows a delivery with its attempts', async () => {
      const { webhookDeliveries, seed } = opened()
      const { customerId, id } = await arrange()
      const [occurredAt, nextAttemptAt, attemptedAt] = [new Date(1_001), new Date(2_002), new Date(3_003)]
      const eventId = await deliver({ customerId, id }, 'dead', {
        occurredAt,
        nextAttemptAt,
        finishedAt: attemptedAt,
        attempts: 2,
      })
      const key = { eventId, endpointId: id }
      const refused = { attempt: 1, attemptedAt, durationMs: 4, status: null, error: 'refused', response: null }
      const failed = { attempt: 2, attemptedAt, durationMs: 5, status: 500, error: null, response: 'a "broken" page' }
      await seed.insert('deliveryAttempts', { ...key, ...refused })
      await seed.insert('deliveryAttempts', { ...key, ...failed })
      expect(await webhookDeliveries.list(customerId, id, { limit: 10 })).toEqual({
        items: [
          {
            eventId,
            eventType: 'webhook.test',
            occurredAt,
            status: 'dead',
            attemptCount: 2,
            attempts: [refused, failed],
            nextAttemptAt,
            finishedAt: attemptedAt,
          },
        ],
        nextCursor: null,
      })
    })

    it('lists newest first, in pages, by status', async () => {
      const { webhookDeliveries } = opened()
      const own = await arrange()
      const { customerId, id } = own
      const list = async (query: DeliveryQuery) => {
        const page = await webhookDeliveries.list(customerId, id, query)
        return { ids: page?.items.map(({ eventId }) => eventId), cursor: page?.nextCursor }
      }
      const [a, b, c] = [
        await deliver(own, 'delivered'),
        await deliver(own, 'pending'),
        await deliver(own, 'delivered'),
      ]
      const first = await list({ limit: 2 })
      expect(first.ids).toEqual([c, b])
      expect(await list({ limit: 2, cursor: first.cursor! })).toEqual({ ids: [a], cursor: null })
      expect((await list({ limit: 2, status: 'delivered' })).ids).toEqual([c, a])
      await opened().seed.update('events', { id: b }, { type: 'message.sent' })
      expect((await list({ limit: 2, eventType: 'message.sent' })).ids).toEqual([b])
      expect((await list({ limit: 2, eventType: 'message.sent', status: 'dead' })).ids).toEqual([])
      expect((await list({ limit: 1, eventType: 'webhook.test' })).ids).toEqual([c])
      const other = await arrange()
      await expect(
        webhookDeliveries.list(other.customerId, other.id, { limit: 2, cursor: first.cursor! }),
      ).rejects.toMatchObject({ code: 'VALIDATION_ERROR' })
    })

    it("finds neither another customer's nor a deleted endpoint", async () => {
      const { webhookDeliveries } = opened()
      const { customerId, id } = await arrange()
      const deleted = await arrange({ deletedAt: new Date() })
      const range = { from: new Date(0), to: new Date() }
      for (const asked of [{ customerId: deleted.customerId, id }, { customerId, id: newId('webhook') }, deleted]) {
        expect(await webhookDeliveries.list(asked.customerId, asked.id, { limit: 1 })).toBeUndefined()
        expect(await webhookDeliveries.replay(asked.customerId, asked.id, range)).toEqual({ outcome: 'not-found' })
      }
    })
  })

  describe('WebhookDeliveries, replaying', () => {
    it('makes one event due again, with a new schedule and the attempts kept', async () => {
      const { webhookDeliveries } = opened()
      const own = await arrange()
      const eventId = await deliver(own, 'dead', {
        attempts: 11,
        nextAttemptAt: new Date(0),
        finishedAt: new Date(0),
      })
      const replay = () => webhookDeliveries.replay(own.customerId, own.id, { eventId })
      expect(await replay()).toEqual({ outcome: 'replayed', replayed: 1, continueFrom: null })
      const due = { status: 'pending', attempts: 11, attemptsBefore: 11, finishedAt: null }
      expect(await stored(eventId)).toMatchObject(due)
      expect((await stored(eventId))?.nextAttemptAt.getTime()).toBeGreaterThan(0)
      expect(await replay()).toEqual({ outcome: 'replayed', replayed: 0, continueFrom: null })
    })

    it('makes due what was delivered or given up in a time, and nothing else', async () => {
      const { webhookDeliveries } = opened()
      const own = await arrange()
      const at = (second: number) => new Date(Date.UTC(2026, 0, 31, 12, 0, second))
      const before = await deliver(own, 'dead', { occurredAt: at(0) })
      const dead = await deliver(own, 'dead', { occurredAt: at(1) })
      const delivered = await deliver(own, 'delivered', { occurredAt: at(2) })
      const dropped = await deliver(own, 'dropped', { occurredAt: at(2) })
      const after = await deliver(own, 'dead', { occurredAt: at(3) })
      const elsewhere = await deliver({ ...(await arrange()) }, 'dead', { occurredAt: at(2) })
      expect(await webhookDeliveries.replay(own.customerId, own.id, { from: at(1), to: at(3) })).toEqual({
        outcome: 'replayed',
        replayed: 2,
        continueFrom: null,
      })
      const statuses = await Promise.all(
        [before, dead, delivered, dropped, after, elsewhere].map(async (id) => (await stored(id))?.status),
      )
      expect(statuses).toEqual(['dead', 'pending', 'pending', 'dropped', 'dead', 'dead'])
    })

    it('refuses an event that never went there, and a disabled endpoint', async () => {
      const { webhookDeliveries } = opened()
      const own = await arrange()
      const eventId = await deliver(await arrange(), 'dead')
      expect(await webhookDeliveries.replay(own.customerId, own.id, { eventId })).toEqual({
        outcome: 'event-not-found',
      })
      const disabled = await arrange({ status: 'disabled' })
      const dead = await deliver(disabled, 'dead')
      expect(await webhookDeliveries.replay(disabled.customerId, disabled.id, { eventId: dead })).toEqual({
        outcome: 'disabled',
      })
      expect(await stored(dead)).toMatchObject({ status: 'dead' })
    })

    it('replays a thousand at most, and tells where to go on', async () => {
      const { webhookDeliveries, seed } = opened()
      const own = await arrange()
      const occurredAt = (index: number) => new Date(Date.UTC(2026, 0, 1) + index * 1_000)
      for (let index = 0; index < 1_002; index++) await deliver(own, 'dead', { occurredAt: occurredAt(index) })
      const to = new Date(Date.UTC(2026, 1, 1))
      const first = await webhookDeliveries.replay(own.customerId, own.id, { from: new Date(0), to })
      expect(first).toEqual({ outcome: 'replayed', replayed: 1_000, continueFrom: occurredAt(1_000) })
      const second = await webhookDeliveries.replay(own.customerId, own.id, { from: occurredAt(1_000), to })
      expect(second).toEqual({ outcome: 'replayed', replayed: 2, continueFrom: null })
      expect(await seed.rows('deliveries', { endpointId: own.id, status: 'pending' })).toHaveLength(1_002)
    })
  })
}
