import { describe, expect, it } from 'vitest'
import { newId } from '#contracts/ids.ts'
import type { FleetInstanceFilter } from '#core/ports/fleet-instances.ts'
import { seedCustomer, seedInstance, seedServer } from '#core/testing/seed.ts'
import type { EdgeStores } from './edge-stores.ts'
import { openForSuite } from './open-for-suite.ts'

type Opened = Pick<EdgeStores, 'fleetInstances' | 'instances' | 'seed' | 'requests' | 'close'>

const sort = { by: 'createdAt', descending: false } as const

export function fleetInstancesConformance(open: () => Promise<Opened>): void {
  describe('FleetInstances', () => {
    const opened = openForSuite(open)

    it('tell whose an instance is, where it is placed, and whose worker holds it now', async () => {
      const { fleetInstances, instances, seed } = opened()
      const customerId = await seedCustomer(seed, { name: 'Shop' })
      const run = newId('server')
      const from = await seedServer(seed, { name: `from-${run}`, incarnation: `from-${run}` })
      const to = await seedServer(seed, { name: `to-${run}`, incarnation: `to-${run}` })
      const over = { incarnation: `over-${run}`, leaseExpiresAt: new Date(Date.now() - 1_000) }
      const lost = await seedServer(seed, over)
      const owned = (serverId: typeof to, ownerIncarnation: string | null) =>
        seedInstance(seed, { customerId, serverId }, {}, { ownerIncarnation })
      const moving = await owned(to, `from-${run}`)
      expect(await fleetInstances.getAcrossCustomers(moving)).toEqual({
        instance: await instances.get(customerId, moving),
        customerName: 'Shop',
        placedOn: { id: to, name: `to-${run}` },
        heldBy: { id: from, name: `from-${run}` },
      })
      for (const id of [await owned(lost, `over-${run}`), await owned(to, null)]) {
        expect(await fleetInstances.getAcrossCustomers(id)).toMatchObject({ heldBy: null })
      }
      const deleted = await seedInstance(seed, { customerId, serverId: to }, { deletedAt: new Date() })
      for (const id of [deleted, newId('instance')]) {
        expect(await fleetInstances.getAcrossCustomers(id)).toBeUndefined()
      }
    })

    it('are listed by state, server, customer, and what is searched for, one request a page', async () => {
      const { fleetInstances, seed, requests } = opened()
      const word = newId('instance').slice(-12)
      const [shop, bank] = [await seedCustomer(seed), await seedCustomer(seed)]
      const [one, two] = [
        await seedServer(seed, { incarnation: `one-${word}` }),
        await seedServer(seed, { incarnation: `two-${word}` }),
      ]
      const phoneNumber = `+55119${word.replace(/\D/g, '')}`
      const add = (customerId: typeof shop, serverId: typeof one, name: string, values: object, owner: string | null) =>
        seedInstance(
          seed,
          { customerId, serverId },
          { name: `${word} ${name}`, phoneNumber: null, ...values },
          { ownerIncarnation: owner },
        )
      const b = await add(shop, one, 'Beta', { state: 'failed' }, null)
      const a = await add(shop, two, 'alpha', {}, `one-${word}`)
      const c = await add(bank, two, 'C', { phoneNumber }, `two-${word}`)
      await add(bank, two, 'Deleted', { deletedAt: new Date() }, null)
      const ids = async (filter: Partial<FleetInstanceFilter>, page = { page: 1, perPage: 100 }) => {
        const before = requests()
        const { rows, total } = await fleetInstances.listAcrossCustomers({ sort, q: word, ...filter }, page)
        if (before !== undefined && rows.length > 0) expect(requests()).toBe(before + 1)
        return { ids: rows.map(({ instance }) => instance.id), total }
      }
      expect(await ids({})).toEqual({ ids: [b, a, c], total: 3 })
      expect(await ids({ sort: { by: 'createdAt', descending: true } })).toMatchObject({ ids: [c, a, b] })
      expect(await ids({ sort: { by: 'name', descending: false } })).toMatchObject({ ids: [a, b, c] })
      expect(await ids({ state: 'failed' })).toEqual({ ids: [b], total: 1 })
      expect(await ids({ customerId: bank })).toEqual({ ids: [c], total: 1 })
      // Also what it holds only until it is handed over.
      expect(await ids({ serverId: one })).toEqual({ ids: [b, a], total: 2 })
      expect(await ids({ serverId: two })).toEqual({ ids: [a, c], total: 2 })
      expect(await ids({ q: `${word} AL` })).toEqual({ ids: [a], total: 1 })
      expect(await ids({ q: c })).toEqual({ ids: [c], total: 1 })
      expect(await ids({ q: phoneNumber, customerId: bank })).toEqual({ ids: [c], total: 1 })
      expect(await ids({}, { page: 2, perPage: 2 })).toEqual({ ids: [c], total: 3 })
      expect(await ids({}, { page: 3, perPage: 2 })).toEqual({ ids: [], total: 3 })
    })

    it('tell the states that one has had, newest first, in pages, and of no other', async () => {
      const { fleetInstances, seed } = opened()
      const owner = { customerId: await seedCustomer(seed), serverId: await seedServer(seed) }
      const [instanceId, another] = [await seedInstance(seed, owner), await seedInstance(seed, owner)]
      const ids: string[] = []
      const told = async (of: typeof instanceId, type: 'instance.state_changed' | 'instance.qr', data: object) => {
        const sequence = ids.length + 1
        const { id } = await seed.insert('events', {
          id: newId('event'),
          customerId: owner.customerId,
          instanceId: of,
          sequence,
          type,
          data: { ...data },
        })
        ids.push(id)
        return id
      }
      const paired = await told(instanceId, 'instance.state_changed', { state: 'pairing', reason: null })
      await told(instanceId, 'instance.qr', { qr: '2@code' })
      await told(another, 'instance.state_changed', { state: 'connected', reason: null })
      const failed = await told(instanceId, 'instance.state_changed', { state: 'failed', reason: 'qr-expired' })
      const first = await fleetInstances.stateChanges(instanceId, { limit: 1 })
      expect(first).toEqual({
        items: [{ id: failed, state: 'failed', reason: 'qr-expired', occurredAt: expect.any(Date) }],
        nextCursor: expect.any(String),
      })
      const cursor = first?.nextCursor ?? ''
      expect(await fleetInstances.stateChanges(instanceId, { limit: 1, cursor })).toEqual({
        items: [{ id: paired, state: 'pairing', reason: null, occurredAt: expect.any(Date) }],
        nextCursor: null,
      })
      await expect(fleetInstances.stateChanges(another, { limit: 1, cursor })).rejects.toMatchObject({
        code: 'VALIDATION_ERROR',
      })
      const deleted = await seedInstance(seed, owner, { deletedAt: new Date() })
      for (const gone of [deleted, newId('instance')]) {
        expect(await fleetInstances.stateChanges(gone, { limit: 1 })).toBeUndefined()
      }
    })

    it('tell where those of a customer are placed, and of no customer that is not there', async () => {
      const { fleetInstances, seed } = opened()
      const customerId = await seedCustomer(seed)
      const serverId = await seedServer(seed)
      expect(await fleetInstances.placements(customerId)).toEqual([])
      const instanceId = await seedInstance(seed, { customerId, serverId })
      await seedInstance(seed, { customerId, serverId }, { deletedAt: new Date() })
      expect(await fleetInstances.placements(customerId)).toEqual([{ instanceId, serverId }])
      for (const gone of [newId('customer'), await seedCustomer(seed, { deletedAt: new Date() })]) {
        expect(await fleetInstances.placements(gone)).toBeUndefined()
      }
    })
  })
}
