import { describe, expect, it } from 'vitest'
import type { EventType } from '#contracts/events.ts'
import { newId, type CustomerId } from '#contracts/ids.ts'
import type { UsageFilter } from '#core/ports/usage.ts'
import { seedCustomer, seedInstance, seedServer } from '#core/testing/seed.ts'
import type { EdgeStores } from './edge-stores.ts'
import { openForSuite } from './open-for-suite.ts'

type Opened = Pick<EdgeStores, 'usage' | 'serviceMetrics' | 'seed' | 'requests' | 'close'>

const nothing = {
  requests: 0,
  bytesIn: 0,
  bytesOut: 0,
  messages: 0,
  sent: 0,
  received: 0,
  failed: 0,
  mediaSent: 0,
  mediaReceived: 0,
}
const firstPage = { page: 1, perPage: 20 }
const messagesOf = (sent: number) => ({ sent, received: 0, failed: 0, mediaSent: 0, mediaReceived: 0 })

export function usageConformance(open: () => Promise<Opened>): void {
  describe('Usage', () => {
    const opened = openForSuite(open)
    /** Days that no other test of the suite has. */
    let year = 2000
    const freshDays = () => {
      year += 1
      return [`${year}-01-30`, `${year}-01-31`, `${year}-02-01`] as const
    }

    it('adds up requests by customer and day, and knows nothing of customers that there are not', async () => {
      const { usage, seed } = opened()
      const [, day, next] = freshDays()
      const customerId = await seedCustomer(seed)
      const counted = { customerId, day, requests: 2, bytesIn: 10, bytesOut: 4_000_000_000 }
      await usage.addRequests([counted, { ...counted, day: next }])
      await usage.addRequests([counted, { ...counted, customerId: newId('customer') }])
      await usage.addRequests([])
      expect((await seed.rows('requestDays', { customerId })).toSorted((a, b) => (a.day < b.day ? -1 : 1))).toEqual([
        { customerId, day, requests: 4, bytesIn: 20, bytesOut: 8_000_000_000 },
        { customerId, day: next, requests: 2, bytesIn: 10, bytesOut: 4_000_000_000 },
      ])
    })

    it('shows the days of a customer on which something was used, newest first, in one request', async () => {
      const { usage, seed, requests } = opened()
      const [before, day, next] = freshDays()
      const [customerId, other] = [await seedCustomer(seed), await seedCustomer(seed)]
      for (const id of [customerId, other]) {
        await seed.insert('usageDays', { customerId: id, day, messages: 7, quota: 10 })
        await seed.insert('usageDays', { customerId: id, day: before, messages: 5 })
        for (const serverId of [await seedServer(seed), await seedServer(seed)]) {
          const counts = { sent: 1, received: 2, failed: 3, mediaSent: 4, mediaReceived: 5 }
          await seed.insert('messageDays', { customerId: id, day, serverId, ...counts })
        }
        await usage.addRequests([{ customerId: id, day: next, requests: 3, bytesIn: 1, bytesOut: 2 }])
      }
      const asked = requests()
      const days = await usage.days(customerId, { from: day, to: next })
      if (asked !== undefined) expect(requests()).toBe(asked + 1)
      expect(days).toEqual([
        { ...nothing, day: next, quota: null, requests: 3, bytesIn: 1, bytesOut: 2 },
        { ...nothing, day, quota: 10, messages: 7, sent: 2, received: 4, failed: 6, mediaSent: 8, mediaReceived: 10 },
      ])
      expect(await usage.days(customerId, { from: before, to: before })).toMatchObject([{ messages: 5, quota: null }])
      expect(await usage.days(await seedCustomer(seed), { from: before, to: next })).toEqual([])
    })

    it('knows no days of a customer that there is not', async () => {
      const { usage, seed } = opened()
      const deleted = await seedCustomer(seed, { deletedAt: new Date() })
      for (const id of [deleted, newId('customer')]) {
        expect(await usage.days(id, { from: '2026-01-01', to: '2026-01-31' })).toBeUndefined()
      }
    })

    it('groups the use of all by customer, plan and server, in one request', async () => {
      const { usage, seed, requests } = opened()
      const [before, day, next] = freshDays()
      const [east, west] = [await seedServer(seed, { name: 'East' }), await seedServer(seed, { name: 'West' })]
      const add = async (name: string, plan: 'basic' | 'pro', sent: number): Promise<CustomerId> => {
        const customerId = await seedCustomer(seed, { name, plan })
        await seed.insert('messageDays', { customerId, day, serverId: east, ...messagesOf(sent) })
        await seed.insert('messageDays', { customerId, day: next, serverId: west, ...messagesOf(1) })
        await seed.insert('messageDays', { customerId, day: before, serverId: west, ...messagesOf(100) })
        await seed.insert('usageDays', { customerId, day, messages: 5 })
        await usage.addRequests([{ customerId, day, requests: 2, bytesIn: 3, bytesOut: 4 }])
        return customerId
      }
      const ids = [await add('Anna', 'basic', 10), await add('berta', 'pro', 30), await add('Carl', 'pro', 20)]
      const ask = async (by: UsageFilter['by'], more: Partial<UsageFilter> = {}, page = firstPage) => {
        const sort = { by: 'sent', descending: true } as const
        const asked = requests()
        const found = await usage.groupsAcrossCustomers({ by, from: day, to: next, sort, ...more }, page)
        if (asked !== undefined && found.rows.length > 0) expect(requests()).toBe(asked + 1)
        return found
      }
      const each = { ...nothing, requests: 2, bytesIn: 3, bytesOut: 4, messages: 5 }
      expect(await ask('customer')).toEqual({
        total: 3,
        rows: [
          { id: ids[1], name: 'berta', plan: 'pro', customers: 1, ...each, sent: 31 },
          { id: ids[2], name: 'Carl', plan: 'pro', customers: 1, ...each, sent: 21 },
          { id: ids[0], name: 'Anna', plan: 'basic', customers: 1, ...each, sent: 11 },
        ],
      })
      expect(await ask('plan')).toMatchObject({
        total: 2,
        rows: [
          { id: 'pro', name: 'pro', customers: 2, sent: 52, requests: 4, messages: 10, bytesIn: 6, bytesOut: 8 },
          { id: 'basic', customers: 1, sent: 11 },
        ],
      })
      expect(await ask('server')).toEqual({
        total: 2,
        rows: [
          { id: east, name: 'East', plan: null, customers: 3, ...nothing, sent: 60 },
          { id: west, name: 'West', plan: null, customers: 3, ...nothing, sent: 3 },
        ],
      })
      const names = async (more: Partial<UsageFilter>, page = firstPage) =>
        (await ask('customer', more, page)).rows.map(({ name }) => name)
      expect(await names({ sort: { by: 'name', descending: false } })).toEqual(['Anna', 'berta', 'Carl'])
      expect(await names({ sort: { by: 'sent', descending: false } }, { page: 2, perPage: 2 })).toEqual(['berta'])
      expect(await names({ q: 'B' })).toEqual(['berta'])
      expect(await names({ q: ids[2]! })).toEqual(['Carl'])
      expect(await ask('customer', {}, { page: 3, perPage: 2 })).toEqual({ total: 3, rows: [] })
      expect(await ask('customer', { from: '1999-01-01', to: '1999-01-02' })).toEqual({ total: 0, rows: [] })
    })

    it.each(['requests', 'messages', 'received', 'failed', 'media', 'bytes'] as const)('sorts by %s', async (by) => {
      const { usage, seed } = opened()
      const [day] = freshDays()
      const serverId = await seedServer(seed)
      const add = async (count: number) => {
        const customerId = await seedCustomer(seed)
        const counts = { sent: 1, received: count, failed: count, mediaSent: 0, mediaReceived: count }
        await seed.insert('messageDays', { customerId, day, serverId, ...counts })
        await seed.insert('usageDays', { customerId, day, messages: count })
        await usage.addRequests([{ customerId, day, requests: count, bytesIn: count, bytesOut: 0 }])
        return customerId
      }
      const [second, first, third] = [await add(2), await add(1), await add(3)]
      const sort = { by, descending: false }
      const { rows } = await usage.groupsAcrossCustomers({ by: 'customer', from: day, to: day, sort }, firstPage)
      expect(rows.map(({ id }) => id)).toEqual([first, second, third])
    })

    it('counts what the event log tells of messages and files, once, by the server of the instance', async () => {
      const { usage, serviceMetrics, seed } = opened()
      const [customerId, serverId] = [await seedCustomer(seed), await seedServer(seed)]
      const instanceId = await seedInstance(seed, { customerId, serverId })
      const occurredAt = new Date(Date.now() - 10 * 60_000)
      const image = { type: 'unsupported', unsupported: { kind: 'imageMessage' } }
      const contact = { type: 'unsupported', unsupported: { kind: 'contactMessage' } }
      const told: [EventType, object][] = [
        ['message.sent', { status: 'sent', type: 'text' }],
        ['message.sent', { status: 'sent', ...image }],
        ['message.received', { status: 'received', ...image }],
        ['message.received', { status: 'received', ...contact }],
        ['message.failed', { status: 'failed', ...image }],
        ['message.failed', { status: 'cancelled' }],
        ['message.delivered', { status: 'delivered' }],
      ]
      for (const [type, data] of told) {
        await seed.insert('events', { id: newId('event'), customerId, instanceId, type, data: { ...data }, occurredAt })
      }
      await serviceMetrics.rollUpMinutesAcrossCustomers()
      await serviceMetrics.rollUpMinutesAcrossCustomers()
      const day = occurredAt.toISOString().slice(0, 10)
      expect(await seed.rows('messageDays', { customerId })).toEqual([
        { customerId, day, serverId, sent: 2, received: 2, failed: 1, mediaSent: 1, mediaReceived: 1 },
      ])
      expect(await usage.days(customerId, { from: day, to: day })).toMatchObject([{ sent: 2, received: 2 }])
    })
  })
}
