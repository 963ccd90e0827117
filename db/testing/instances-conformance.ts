import { describe, expect, it } from 'vitest'
import { newId, type CustomerId } from '#contracts/ids.ts'
import type { Instances } from '#core/ports/instances.ts'
import { seedApiKey, seedCustomer, seedInstance, seedServer, type Seed } from '#core/testing/seed.ts'
import type { EdgeStores } from './edge-stores.ts'
import { instanceCreationConformance } from './instance-creation-conformance.ts'
import { instanceRemovalConformance } from './instance-removal-conformance.ts'
import { openForSuite } from './open-for-suite.ts'

/** Every page of the list, one array of ids per page. */
async function readPages(instances: Instances, customerId: CustomerId, limit: number): Promise<string[][]> {
  const pages: string[][] = []
  let cursor: string | undefined
  do {
    const page = await instances.list(customerId, { limit, ...(cursor === undefined ? {} : { cursor }) })
    pages.push(page.items.map(({ id }) => id))
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined)
  return pages
}

async function seedOwner(seed: Seed) {
  return { customerId: await seedCustomer(seed), serverId: await seedServer(seed) }
}

export function instancesConformance(open: () => Promise<Pick<EdgeStores, 'instances' | 'seed' | 'close'>>): void {
  instanceCreationConformance(open)
  instanceRemovalConformance(open)

  describe('Instances', () => {
    const opened = openForSuite(open)

    it('shows an instance to its customer only', async () => {
      const { instances, seed } = opened()
      const owner = await seedOwner(seed)
      const id = await seedInstance(seed, owner, {
        name: 'Loja',
        state: 'logged_out',
        reason: 'wa-logged-out',
        phoneNumber: '+5511999990002',
      })
      expect(await instances.get(owner.customerId, id)).toEqual({
        id,
        customerId: owner.customerId,
        name: 'Loja',
        desired: 'running',
        state: 'logged_out',
        reason: 'wa-logged-out',
        phoneNumber: '+5511999990002',
        newChatsPerMinute: null,
        newChatsHeldUntil: null,
        slowedUntil: null,
        stateChangedAt: expect.any(Date),
        createdAt: expect.any(Date),
      })
      const another = await seedCustomer(seed)
      expect(await instances.get(another, id)).toBeUndefined()
      expect(await instances.update(another, id, { name: 'Mine' })).toBeUndefined()
      expect(await instances.setDesired(another, id, 'stopped')).toBeUndefined()
      expect(await instances.route(another, id)).toBeUndefined()
      expect(await instances.get(owner.customerId, id)).toMatchObject({ name: 'Loja', desired: 'running' })
    })

    it('does not show a deleted instance', async () => {
      const { instances, seed } = opened()
      const owner = await seedOwner(seed)
      const id = await seedInstance(seed, owner, { deletedAt: new Date() })
      expect(await instances.get(owner.customerId, id)).toBeUndefined()
      expect(await instances.update(owner.customerId, id, { name: 'Again' })).toBeUndefined()
      expect(await instances.setDesired(owner.customerId, id, 'running')).toBeUndefined()
      expect(await instances.route(owner.customerId, id)).toBeUndefined()
      expect(await instances.list(owner.customerId, { limit: 10 })).toEqual({ items: [], nextCursor: null })
    })

    it('renames, starts and stops', async () => {
      const { instances, seed } = opened()
      const owner = await seedOwner(seed)
      const id = await seedInstance(seed, owner)
      expect(await instances.update(owner.customerId, id, { name: 'Novo' })).toMatchObject({ id, name: 'Novo' })
      expect(await instances.setDesired(owner.customerId, id, 'stopped')).toMatchObject({ id, desired: 'stopped' })
      expect(await instances.get(owner.customerId, id)).toMatchObject({ name: 'Novo', desired: 'stopped' })
    })

    it('changes what is given and leaves the rest', async () => {
      const { instances, seed } = opened()
      const { customerId, ...owner } = await seedOwner(seed)
      const id = await seedInstance(seed, { customerId, ...owner }, { name: 'Loja' })
      const paced = await instances.update(customerId, id, { newChatsPerMinute: 5 })
      expect(paced).toMatchObject({ name: 'Loja', newChatsPerMinute: 5 })
      expect(await instances.update(customerId, id, { name: 'Novo' })).toEqual({ ...paced, name: 'Novo' })
      expect(await instances.update(customerId, id, { newChatsPerMinute: null })).toMatchObject({
        newChatsPerMinute: null,
      })
    })

    it('shows limits until they end', async () => {
      const { instances, seed } = opened()
      const owner = await seedOwner(seed)
      const [ahead, passed] = [new Date(Date.now() + 60_000), new Date(Date.now() - 1)]
      const id = await seedInstance(seed, owner, { newChatsHeldUntil: ahead, slowedUntil: passed })
      const shown = { newChatsHeldUntil: ahead, slowedUntil: null }
      expect(await instances.get(owner.customerId, id)).toMatchObject(shown)
      expect((await instances.list(owner.customerId, { limit: 1 })).items).toMatchObject([shown])
    })

    it('lists newest first, in pages, each instance once', async () => {
      const { instances, seed } = opened()
      const owner = await seedOwner(seed)
      await seedInstance(seed, await seedOwner(seed))
      const ids: string[] = []
      for (let count = 0; count < 5; count++) ids.unshift(await seedInstance(seed, owner))
      expect(await readPages(instances, owner.customerId, 2)).toEqual([ids.slice(0, 2), ids.slice(2, 4), ids.slice(4)])
      expect(await readPages(instances, owner.customerId, 5)).toEqual([ids])
    })

    it('lists instances of one moment in an order that pages can follow', async () => {
      const { instances, seed } = opened()
      const owner = await seedOwner(seed)
      const createdAt = new Date()
      const ids: string[] = []
      for (let count = 0; count < 4; count++) ids.unshift(await seedInstance(seed, owner, { createdAt }))
      expect(await readPages(instances, owner.customerId, 1)).toEqual(
        ids
          .toSorted()
          .toReversed()
          .map((id) => [id]),
      )
    })

    it('lists one state when asked', async () => {
      const { instances, seed } = opened()
      const owner = await seedOwner(seed)
      const banned = await seedInstance(seed, owner, { state: 'banned' })
      await seedInstance(seed, owner)
      const { items } = await instances.list(owner.customerId, { limit: 10, state: 'banned' })
      expect(items.map(({ id }) => id)).toEqual([banned])
    })

    it('goes on after an instance that was deleted since', async () => {
      const { instances, seed } = opened()
      const owner = await seedOwner(seed)
      const older = await seedInstance(seed, owner)
      const newer = await seedInstance(seed, owner)
      const { nextCursor } = await instances.list(owner.customerId, { limit: 1 })
      await instances.remove(owner.customerId, newer)
      const { items } = await instances.list(owner.customerId, { limit: 1, cursor: nextCursor! })
      expect(items.map(({ id }) => id)).toEqual([older])
    })

    it('refuses a cursor that this list did not give', async () => {
      const { instances, seed } = opened()
      const owner = await seedOwner(seed)
      const another = await seedOwner(seed)
      for (let count = 0; count < 2; count++) await seedInstance(seed, another)
      const { nextCursor } = await instances.list(another.customerId, { limit: 1 })
      for (const cursor of [nextCursor!, 'nonsense', '']) {
        await expect(instances.list(owner.customerId, { limit: 1, cursor })).rejects.toMatchObject({
          code: 'VALIDATION_ERROR',
          details: { cursor: 'is not a cursor of this list' },
        })
      }
    })

    it('routes to the worker run that owns the instance', async () => {
      const { instances, seed } = opened()
      const owner = await seedOwner(seed)
      const id = await seedInstance(seed, owner, {}, { epoch: 4 })
      expect(await instances.route(owner.customerId, id)).toEqual({
        instanceId: id,
        serverId: owner.serverId,
        url: `https://${owner.serverId}.example`,
        epoch: 4,
        incarnation: 'run-1',
      })
    })

    it.each([
      ['nobody owns the instance', {}, { ownerIncarnation: null }],
      ["its server's lease has ended", { leaseExpiresAt: new Date(0) }, {}],
      ['its server has another run by now', { incarnation: 'run-2' }, { ownerIncarnation: 'run-old' }],
    ])('routes to no run when %s', async (_, server, lease) => {
      const { instances, seed } = opened()
      const owner = { customerId: await seedCustomer(seed), serverId: await seedServer(seed, server) }
      const id = await seedInstance(seed, owner, {}, lease)
      expect(await instances.route(owner.customerId, id)).toMatchObject({ instanceId: id, epoch: 1, incarnation: null })
    })

    it('routes to the owner while the instance waits to be handed over to another server', async () => {
      const { instances, seed } = opened()
      const ownerId = await seedServer(seed, { incarnation: 'run-owner' })
      const owner = {
        customerId: await seedCustomer(seed),
        serverId: await seedServer(seed, { incarnation: 'run-taker' }),
      }
      const id = await seedInstance(seed, owner, {}, { ownerIncarnation: 'run-owner' })
      const route = { serverId: ownerId, url: `https://${ownerId}.example`, epoch: 1, incarnation: 'run-owner' }
      expect(await instances.route(owner.customerId, id)).toEqual({ instanceId: id, ...route })
    })

    it("takes the key's default instance, else the only one, else none", async () => {
      const { instances, seed } = opened()
      const owner = await seedOwner(seed)
      const { customerId } = owner
      const plainKey = await seedApiKey(seed, customerId)
      expect(await instances.defaultFor(customerId, plainKey)).toBeUndefined()
      const first = await seedInstance(seed, owner)
      expect(await instances.defaultFor(customerId, plainKey)).toBe(first)
      const second = await seedInstance(seed, owner)
      await seedInstance(seed, owner)
      expect(await instances.defaultFor(customerId, plainKey)).toBeUndefined()
      const keyWithDefault = await seedApiKey(seed, customerId, { defaultInstanceId: second })
      expect(await instances.defaultFor(customerId, keyWithDefault)).toBe(second)
      await instances.remove(customerId, second)
      expect(await instances.defaultFor(customerId, keyWithDefault)).toBeUndefined()
      expect(await instances.defaultFor(await seedCustomer(seed), keyWithDefault)).toBeUndefined()
      expect(await instances.defaultFor(customerId, newId('apiKey'))).toBeUndefined()
    })
  })
}
