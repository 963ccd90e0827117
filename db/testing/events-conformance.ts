import { describe, expect, it, vi } from 'vitest'
import type { EventType } from '#contracts/events.ts'
import { newId, type CustomerId, type EventId, type InstanceId } from '#contracts/ids.ts'
import type { EventBatch } from '#core/ports/events.ts'
import { seedCustomer, seedInstance, seedServer } from '#core/testing/seed.ts'
import type { EdgeStores } from './edge-stores.ts'
import { openForSuite } from './open-for-suite.ts'

const idsOf = ({ events }: EventBatch) => events.map(({ event }) => event.id)

export function eventsConformance(open: () => Promise<Pick<EdgeStores, 'events' | 'seed' | 'close'>>): void {
  describe('Events', () => {
    const opened = openForSuite(open)

    async function record(
      customerId: CustomerId,
      values: { type?: EventType; instanceId?: InstanceId; sequence?: number; occurredAt?: Date } = {},
    ): Promise<EventId> {
      const { id } = await opened().seed.insert('events', {
        id: newId('event'),
        customerId,
        type: 'webhook.test',
        data: { note: 'seeded' },
        ...values,
      })
      // A transaction of another suite in another database of the server can hold the newest events back for a moment.
      await vi.waitFor(
        async () => expect(idsOf(await opened().events.after(customerId, undefined, { limit: 100 }))).toContain(id),
        { timeout: 10_000, interval: 20 },
      )
      return id
    }

    it("shows a customer's events as webhooks show them", async () => {
      const { events, seed } = opened()
      const customerId = await seedCustomer(seed)
      const instanceId = await seedInstance(seed, { customerId, serverId: await seedServer(seed) })
      await record(await seedCustomer(seed))
      const occurredAt = new Date('2026-01-31T12:00:00.123Z')
      const id = await record(customerId, { type: 'message.sent', instanceId, sequence: 7, occurredAt })
      const batch = await events.after(customerId, undefined, { limit: 10 })
      expect(batch.more).toBe(false)
      expect(batch.events.map(({ event }) => event)).toEqual([
        {
          id,
          type: 'message.sent',
          timestamp: '2026-01-31T12:00:00.123Z',
          instance_id: instanceId,
          sequence: 7,
          data: { note: 'seeded' },
        },
      ])
    })

    it('reads on, oldest first, from each position that it gave', async () => {
      const { events, seed } = opened()
      const customerId = await seedCustomer(seed)
      const ids = [await record(customerId), await record(customerId), await record(customerId)]
      const first = await events.after(customerId, undefined, { limit: 2 })
      expect({ ids: idsOf(first), more: first.more }).toEqual({ ids: ids.slice(0, 2), more: true })
      const second = await events.after(customerId, first.position, { limit: 2 })
      expect({ ids: idsOf(second), more: second.more }).toEqual({ ids: ids.slice(2), more: false })
      expect(idsOf(await events.after(customerId, second.position, { limit: 2 }))).toEqual([])
      expect(idsOf(await events.after(customerId, first.events[0]?.position, { limit: 2 }))).toEqual(ids.slice(1))
      const later = await record(customerId)
      expect(idsOf(await events.after(customerId, second.position, { limit: 2 }))).toEqual([later])
    })

    it('filters by type and by instance, and passes what does not match', async () => {
      const { events, seed } = opened()
      const customerId = await seedCustomer(seed)
      const serverId = await seedServer(seed)
      const instanceId = await seedInstance(seed, { customerId, serverId })
      const other = await seedInstance(seed, { customerId, serverId })
      const sent = await record(customerId, { type: 'message.sent', instanceId, sequence: 1 })
      const read = await record(customerId, { type: 'message.read', instanceId: other, sequence: 1 })
      await record(customerId)
      const after = (filter: object) => events.after(customerId, undefined, { limit: 10, ...filter })
      expect(idsOf(await after({ types: ['message.sent', 'message.read'] }))).toEqual([sent, read])
      expect(idsOf(await after({ instanceId: other }))).toEqual([read])
      const none = await after({ types: ['message.failed'] })
      expect(none.events).toEqual([])
      expect(idsOf(await events.after(customerId, none.position, { limit: 10 }))).toEqual([])
    })

    it('tells with a limit of 0 where the log ends now', async () => {
      const { events, seed } = opened()
      const customerId = await seedCustomer(seed)
      await record(customerId)
      const end = await events.after(customerId, undefined, { limit: 0 })
      expect(end).toMatchObject({ events: [], more: false })
      const id = await record(customerId)
      expect(idsOf(await events.after(customerId, end.position, { limit: 10 }))).toEqual([id])
    })
  })
}
