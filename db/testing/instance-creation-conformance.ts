import { describe, expect, it } from 'vitest'
import { newId, type ServerId } from '#contracts/ids.ts'
import type { LimitOverrides } from '#contracts/plans.ts'
import { seedCustomer, seedInstance, seedServer } from '#core/testing/seed.ts'
import type { EdgeStores } from './edge-stores.ts'
import { openForSuite } from './open-for-suite.ts'

function newInstance(serverId: ServerId) {
  return { id: newId('instance'), name: 'Nova', desired: 'running' as const, serverId }
}

/** Creation of Instances: part of `instancesConformance`. */
export function instanceCreationConformance(
  open: () => Promise<Pick<EdgeStores, 'instances' | 'seed' | 'close'>>,
): void {
  describe('Instances, creation', () => {
    const opened = openForSuite(open)

    it('places a new instance on the server, owned by nobody yet', async () => {
      const { instances, seed } = opened()
      const customerId = await seedCustomer(seed)
      const serverId = await seedServer(seed)
      const id = newId('instance')
      const created = await instances.create(customerId, { id, name: 'Bücher', desired: 'stopped', serverId })
      expect(created).toEqual({
        outcome: 'created',
        instance: {
          id,
          customerId,
          name: 'Bücher',
          desired: 'stopped',
          state: 'created',
          reason: null,
          phoneNumber: null,
          newChatsPerMinute: null,
          newChatsHeldUntil: null,
          slowedUntil: null,
          stateChangedAt: expect.any(Date),
          createdAt: expect.any(Date),
        },
      })
      expect(await instances.get(customerId, id)).toEqual(created.outcome === 'created' && created.instance)
      expect(await seed.rows('instanceLeases', { instanceId: id })).toEqual([
        { instanceId: id, serverId, epoch: 0, ownerIncarnation: null },
      ])
      expect(await seed.rows('instanceCounters', { instanceId: id })).toEqual([{ instanceId: id, eventSequence: 0 }])
    })

    it("stops at the plan's limit; deleted instances do not count", async () => {
      const { instances, seed } = opened()
      const customerId = await seedCustomer(seed, { plan: 'basic' })
      const serverId = await seedServer(seed)
      await seedInstance(seed, { customerId, serverId }, { deletedAt: new Date() })
      expect(await instances.create(customerId, newInstance(serverId))).toMatchObject({ outcome: 'created' })
      const refused = newInstance(serverId)
      expect(await instances.create(customerId, refused)).toEqual({ outcome: 'limit-reached', limit: 1 })
      expect(await seed.rows('instances', { id: refused.id })).toEqual([])
      expect(await seed.rows('instanceLeases', { instanceId: refused.id })).toEqual([])
    })

    it('stops at what was agreed with the customer before its plan', async () => {
      const { instances, seed } = opened()
      const serverId = await seedServer(seed)
      const create = async (limitOverrides: LimitOverrides) => {
        const customerId = await seedCustomer(seed, { plan: 'basic', limitOverrides })
        await seedInstance(seed, { customerId, serverId })
        return instances.create(customerId, newInstance(serverId))
      }
      expect(await create({ instances: 2 })).toMatchObject({ outcome: 'created' })
      expect(await create({ instances: null })).toMatchObject({ outcome: 'created' })
      expect(await create({ instances: 0 })).toEqual({ outcome: 'limit-reached', limit: 0 })
      expect(await create({ messages_per_day: null })).toEqual({ outcome: 'limit-reached', limit: 1 })
    })

    it.each([
      ['is full', { maxCapacity: 1 }],
      ['is draining', { status: 'draining' as const }],
      ['was deleted', { deletedAt: new Date() }],
    ])('asks for another server when the chosen one %s', async (_, values) => {
      const { instances, seed } = opened()
      const serverId = await seedServer(seed, values)
      await seedInstance(seed, { customerId: await seedCustomer(seed), serverId })
      const created = await instances.create(await seedCustomer(seed), newInstance(serverId))
      expect(created).toEqual({ outcome: 'server-full' })
    })

    it('asks for another server when there is none with that id', async () => {
      const { instances, seed } = opened()
      const created = await instances.create(await seedCustomer(seed), newInstance(newId('server')))
      expect(created).toEqual({ outcome: 'server-full' })
    })

    it('creates nothing for a deleted customer', async () => {
      const { instances, seed } = opened()
      const customerId = await seedCustomer(seed, { deletedAt: new Date() })
      await expect(instances.create(customerId, newInstance(await seedServer(seed)))).rejects.toMatchObject({
        code: 'INVALID_API_KEY',
      })
    })

    it('never exceeds the limit of instances, however many are created at once', async () => {
      const { instances, seed } = opened()
      const customerId = await seedCustomer(seed, { plan: 'pro' })
      const servers = await Promise.all(Array.from({ length: 12 }, () => seedServer(seed)))
      const outcomes = await Promise.all(servers.map((serverId) => instances.create(customerId, newInstance(serverId))))
      expect(outcomes.filter(({ outcome }) => outcome === 'created')).toHaveLength(3)
      expect(outcomes.filter(({ outcome }) => outcome === 'limit-reached')).toHaveLength(9)
      expect(await seed.rows('instances', { customerId })).toHaveLength(3)
    })

    it("never exceeds a server's capacity, however many customers create at once", async () => {
      const { instances, seed } = opened()
      const serverId = await seedServer(seed, { maxCapacity: 4 })
      const customers = await Promise.all(Array.from({ length: 10 }, () => seedCustomer(seed)))
      const outcomes = await Promise.all(customers.map((id) => instances.create(id, newInstance(serverId))))
      expect(outcomes.filter(({ outcome }) => outcome === 'created')).toHaveLength(4)
      expect(outcomes.filter(({ outcome }) => outcome === 'server-full')).toHaveLength(6)
      expect(await seed.rows('instanceLeases', { serverId })).toHaveLength(4)
    })
  })
}
