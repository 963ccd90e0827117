import { describe, expect, it } from 'vitest'
import { newId } from '#contracts/ids.ts'
import { seedCustomer, seedInstance, seedServer } from '#core/testing/seed.ts'
import type { EdgeStores } from './edge-stores.ts'
import { openForSuite } from './open-for-suite.ts'

export function serversConformance(open: () => Promise<Pick<EdgeStores, 'servers' | 'seed' | 'close'>>): void {
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

      const found = new Map((await servers.overview()).map((row) => [row.id, row]))
      expect(found.get(from)).toEqual({
        id: from,
        name: from,
        url: `https://${from}.example`,
        region: 'eu',
        status: 'draining',
        health: 'healthy',
        maxCapacity: 100,
        incarnation: 'run-from',
        stopping: false,
        placed: 2,
        wanted: 1,
        owned: 2,
        leaving: 1,
        arriving: 0,
        connected: 1,
      })
      const arriving = { placed: 2, wanted: 2, owned: 1, leaving: 0, arriving: 1, connected: 2 }
      expect(found.get(to)).toMatchObject({ ...arriving, stopping: true, health: 'degraded' })
      expect(found.get(gone)).toMatchObject({ incarnation: null, placed: 1, owned: 0, arriving: 1 })
    })

    it('changes a status only from those that were named', async () => {
      const { servers, seed } = opened()
      const id = await seedServer(seed)
      expect(await servers.setStatus(id, ['active', 'maintenance'], 'draining')).toBe(true)
      expect(await servers.setStatus(id, ['active'], 'maintenance')).toBe(false)
      expect((await seed.rows('servers', { id }))[0]?.status).toBe('draining')
      const deleted = await seedServer(seed, { deletedAt: new Date() })
      expect(await servers.setStatus(deleted, ['active'], 'draining')).toBe(false)
      expect(await servers.setStatus(newId('server'), ['active'], 'draining')).toBe(false)
    })

    it('places instances only from where they are, and only where there is room', async () => {
      const { servers, seed } = opened()
      const customerId = await seedCustomer(seed)
      const from = await seedServer(seed, { incarnation: 'run-from' })
      const to = await seedServer(seed, { maxCapacity: 2, incarnation: 'run-to' })
      const closed = await seedServer(seed, { status: 'draining' })
      const place = (values = {}) => seedInstance(seed, { customerId, serverId: from }, values)
      const [one, two, three, four] = [await place(), await place(), await place(), await place()]
      const deleted = await place({ deletedAt: new Date() })
      const moved = await servers.place([
        ...[one, two, three].map((instanceId) => ({ instanceId, from, to })),
        { instanceId: deleted, from, to },
        { instanceId: four, from, to: closed },
        { instanceId: four, from, to: from },
      ])
      expect(moved).toHaveLength(2)
      expect(await servers.place([{ instanceId: three, from: to, to: from }])).toEqual([])
      const placements = await Promise.all([one, two, three, four].map((id) => servers.placementOf(id)))
      expect(placements.filter((id) => id === to)).toHaveLength(2)
      expect(placements[3]).toBe(from)
      expect(await servers.place([])).toEqual([])
      expect(await servers.placementOf(newId('instance'))).toBeUndefined()
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
