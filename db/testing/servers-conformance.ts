import { describe, expect, it } from 'vitest'
import { newId } from '#contracts/ids.ts'
import type { ServerFilter } from '#core/ports/servers.ts'
import { seedCustomer, seedInstance, seedServer } from '#core/testing/seed.ts'
import { auditEntry } from './audit-fixture.ts'
import type { EdgeStores } from './edge-stores.ts'
import { openForSuite } from './open-for-suite.ts'

type Opened = Pick<EdgeStores, 'servers' | 'auditLog' | 'seed' | 'requests' | 'close'>

const byName: ServerFilter = { sort: { by: 'name', descending: false } }
const firstPage = { page: 1, perPage: 100 }

export function serversConformance(open: () => Promise<Opened>): void {
  describe('Servers', () => {
    const opened = openForSuite(open)

    it('offers active servers only, with how full they are and whether their worker lives', async () => {
      const { servers, seed } = opened()
      const customerId = await seedCustomer(seed)
      const live = await seedServer(seed, { region: 'sa-east', maxCapacity: 7 })
      const expired = await seedServer(seed, { leaseExpiresAt: new Date(Date.now() - 1_000) })
      const neverRan = await seedServer(seed, { incarnation: null, leaseExpiresAt: null })
      await seedServer(seed, { status: 'draining' })
      await seedServer(seed, { deletedAt: new Date() })
      await seedInstance(seed, { customerId, serverId: live })
      await seedInstance(seed, { customerId, serverId: live }, { desired: 'stopped' })
      await seedInstance(seed, { customerId, serverId: live }, { deletedAt: new Date() })

      const candidates = await servers.placementCandidates()
      expect(candidates.toSorted((a, b) => a.id.localeCompare(b.id))).toEqual(
        [
          { id: live, region: 'sa-east', maxCapacity: 7, instances: 2, live: true, health: 'healthy' },
          { id: expired, region: 'eu', maxCapacity: 100, instances: 0, live: false, health: 'healthy' },
          { id: neverRan, region: 'eu', maxCapacity: 100, instances: 0, live: false, health: 'healthy' },
        ].toSorted((a, b) => a.id.localeCompare(b.id)),
      )
    })

    it('shows how far a move has come: what is placed, owned, leaving and arriving', async () => {
      const { servers, seed } = opened()
      const customerId = await seedCustomer(seed)
      const from = await seedServer(seed, { status: 'draining', incarnation: 'run-from' })
      const to = await seedServer(seed, { incarnation: 'run-to', stopping: true, health: 'degraded' })
      const gone = await seedServer(seed, { incarnation: 'run-gone', leaseExpiresAt: new Date(Date.now() - 1_000) })
      const stopped = { desired: 'stopped', state: 'stopped' } as const
      await seedInstance(seed, { customerId, serverId: from }, {}, { ownerIncarnation: 'run-from' })
      await seedInstance(seed, { customerId, serverId: from }, stopped, { ownerIncarnation: null })
      await seedInstance(seed, { customerId, serverId: to }, {}, { ownerIncarnation: 'run-from' })
      await seedInstance(seed, { customerId, serverId: to }, {}, { ownerIncarnation: 'run-to' })
      await seedInstance(seed, { customerId, serverId: to }, { deletedAt: new Date() }, { ownerIncarnation: 'run-to' })
      await seedInstance(seed, { customerId, serverId: gone }, {}, { ownerIncarnation: 'run-gone' })

      const found = new Map((await servers.list(byName, firstPage)).rows.map((row) => [row.id, row]))
      expect(found.get(from)).toEqual({
        id: from,
        name: from,
        url: `https://${from}.example`,
        region: 'eu',
        ipAddress: null,
        provider: null,
        cpuCores: null,
        ramGb: null,
        costPerMonth: null,
        statusReason: null,
        workerVersion: null,
        enrolledAt: null,
        status: 'draining',
        health: 'healthy',
        edgeCheck: null,
        maxCapacity: 100,
        incarnation: 'run-from',
        stopping: false,
        placed: 2,
        wanted: 1,
        owned: 2,
        leaving: 1,
        arriving: 0,
        connected: 1,
        drain: null,
        createdAt: expect.any(Date) as Date,
      })
      expect(await servers.get(from)).toEqual(found.get(from))
      const arriving = { placed: 2, wanted: 2, owned: 1, leaving: 0, arriving: 1, connected: 2 }
      expect(found.get(to)).toMatchObject({ ...arriving, stopping: true, health: 'degraded' })
      expect(found.get(gone)).toMatchObject({ incarnation: null, placed: 1, owned: 0, arriving: 1 })
    })

    it('begins a drain once, remembers what it began with, and forgets it at another status; each change audited', async () => {
      const { servers, seed, auditLog } = opened()
      const customerId = await seedCustomer(seed)
      const id = await seedServer(seed, { incarnation: 'run-drained' })
      const elsewhere = await seedServer(seed, { incarnation: 'run-elsewhere' })
      await seedInstance(seed, { customerId, serverId: id }, {}, { ownerIncarnation: 'run-drained' })
      await seedInstance(seed, { customerId, serverId: elsewhere }, {}, { ownerIncarnation: 'run-drained' })
      await seedInstance(seed, { customerId, serverId: id }, { deletedAt: new Date() })
      const set = (to: 'draining' | 'active', target = id) => {
        const from = to === 'active' ? (['draining'] as const) : (['active'] as const)
        return servers.setStatus(target, { to, from, reason: `to ${to}` }, auditEntry(null, { action: to, target }))
      }
      expect(await set('draining')).toBe('draining')
      const first = await servers.get(id)
      expect(first).toMatchObject({ status: 'draining', statusReason: 'to draining' })
      expect(first).toMatchObject({ drain: { startedAt: expect.any(Date) as Date, instances: 2 } })
      expect(await set('draining')).toBe('draining')
      expect((await servers.get(id))?.drain).toEqual(first?.drain)
      expect(await set('active')).toBe('active')
      await seed.update('servers', { id: elsewhere }, { status: 'error' })
      expect(await set('active', elsewhere)).toBe('error')
      expect((await auditLog.list({ target: elsewhere }, firstPage)).total).toBe(0)
      expect(await servers.get(id)).toMatchObject({ status: 'active', drain: null })
      const { rows } = await auditLog.list({ target: id }, firstPage)
      expect(rows.map(({ action }) => action)).toEqual(['active', 'draining'])
      for (const gone of [newId('server'), await seedServer(seed, { deletedAt: new Date() })]) {
        expect(await set('draining', gone)).toBeUndefined()
        expect(await servers.get(gone)).toBeUndefined()
        expect((await auditLog.list({ target: gone }, firstPage)).total).toBe(0)
      }
    })

    it('lists by status, region and the beginning of the name, sorted, one request a page', async () => {
      const { servers, seed, requests } = opened()
      const word = newId('server').slice(-12)
      const customerId = await seedCustomer(seed)
      const add = (name: string, values: object = {}) => seedServer(seed, { name: `${word}-${name}`, ...values })
      const [b, a, c] = [await add('Beta'), await add('alpha', { region: word }), await add('C', { status: 'error' })]
      await add('Gone', { deletedAt: new Date() })
      for (const serverId of [b, b, a]) await seedInstance(seed, { customerId, serverId })
      const ids = async (filter: Partial<ServerFilter>, page = firstPage) => {
        const before = requests()
        const { rows, total } = await servers.list({ ...byName, q: word, ...filter }, page)
        if (before !== undefined && rows.length > 0) expect(requests()).toBe(before + 1)
        return { ids: rows.map(({ id }) => id), total }
      }
      expect(await ids({})).toEqual({ ids: [a, b, c], total: 3 })
      expect(await ids({ q: word.toUpperCase(), sort: { by: 'name', descending: true } })).toMatchObject({
        ids: [c, b, a],
      })
      expect(await ids({ sort: { by: 'createdAt', descending: false } })).toMatchObject({ ids: [b, a, c] })
      expect(await ids({ sort: { by: 'utilisation', descending: true } })).toMatchObject({ ids: [b, a, c] })
      expect(await ids({ status: 'error' })).toEqual({ ids: [c], total: 1 })
      expect(await ids({ region: word })).toEqual({ ids: [a], total: 1 })
      expect(await ids({ q: b })).toEqual({ ids: [b], total: 1 })
      expect(await ids({ q: `${word}%` })).toEqual({ ids: [], total: 0 })
      expect(await ids({}, { page: 2, perPage: 2 })).toEqual({ ids: [c], total: 3 })
      expect(await ids({}, { page: 3, perPage: 2 })).toEqual({ ids: [], total: 3 })
    })

    it('places instances only from where they are, and only where there is room', async () => {
      const { servers, seed, auditLog } = opened()
      const customerId = await seedCustomer(seed)
      const from = await seedServer(seed, { incarnation: 'run-from' })
      const to = await seedServer(seed, { maxCapacity: 2, incarnation: 'run-to' })
      const audit = auditEntry(null, { action: 'test.place', target: to })
      const closed = await seedServer(seed, { status: 'draining' })
      const place = (values = {}) => seedInstance(seed, { customerId, serverId: from }, values)
      const [one, two, three, four] = [await place(), await place(), await place(), await place()]
      const deleted = await place({ deletedAt: new Date() })
      const moved = await servers.place(
        [
          ...[one, two, three].map((instanceId) => ({ instanceId, from, to })),
          { instanceId: deleted, from, to },
          { instanceId: four, from, to: closed },
          { instanceId: four, from, to: from },
        ],
        audit,
      )
      expect(moved).toHaveLength(2)
      expect(
        await servers.place([{ instanceId: three, from: to, to: from }], auditEntry(null, { target: from })),
      ).toEqual([])
      const placements = await Promise.all([one, two, three, four].map((id) => servers.placementOf(id)))
      expect(placements.filter((id) => id === to)).toHaveLength(2)
      expect(placements[3]).toBe(from)
      expect(await servers.place([], audit)).toEqual([])
      expect((await auditLog.list({ target: to }, firstPage)).total).toBe(1)
      expect((await auditLog.list({ target: from }, firstPage)).total).toBe(0)
      for (const gone of [deleted, newId('instance')]) expect(await servers.placementOf(gone)).toBeUndefined()
    })

    it('lists what is placed on servers that take instances, with when each was last used', async () => {
      const { servers, seed } = opened()
      const customerId = await seedCustomer(seed)
      const serverId = await seedServer(seed)
      const used = await seedInstance(seed, { customerId, serverId })
      const unused = await seedInstance(seed, { customerId, serverId }, { state: 'logged_out' })
      await seedInstance(seed, { customerId, serverId }, { deletedAt: new Date() })
      await seedInstance(seed, { customerId, serverId: await seedServer(seed, { stopping: true }) })
      const messages = await Promise.all(
        ['+5511999990002', '+5511999990003'].map((chat) =>
          seed.insert('messages', {
            id: newId('message'),
            customerId,
            instanceId: used,
            direction: 'outbound',
            chat,
            sender: 'self',
            waMessageId: '3EB0',
            type: 'text',
            content: { type: 'text', text: { body: 'Hello' } },
            status: 'sent',
          }),
        ),
      )
      const here = (await servers.placedInstances()).filter((placed) => placed.serverId === serverId)
      expect(here).toEqual(
        [
          { instanceId: used, serverId, idle: false, lastMessage: Math.max(...messages.map(({ seq }) => seq)) },
          { instanceId: unused, serverId, idle: true, lastMessage: 0 },
        ].toSorted((a, b) => (a.instanceId < b.instanceId ? -1 : 1)),
      )
    })

    it('tells where each server is, and which run of its worker lives there', async () => {
      const { servers, seed } = opened()
      const live = await seedServer(seed, { url: 'https://w1.example.com', incarnation: 'run-7', stopping: true })
      const over = { url: 'https://w2.example.com', leaseExpiresAt: new Date(Date.now() - 1) }
      const expired = await seedServer(seed, over)
      const deleted = await seedServer(seed, { deletedAt: new Date() })
      const addresses = await servers.addresses()
      expect(addresses).toContainEqual({ id: live, url: 'https://w1.example.com', incarnation: 'run-7' })
      expect(addresses).toContainEqual({ id: expired, url: 'https://w2.example.com', incarnation: null })
      expect(addresses.map(({ id }) => id)).not.toContain(deleted)
    })
  })
}
