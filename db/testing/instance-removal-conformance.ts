import { describe, expect, it } from 'vitest'
import { newId, type CustomerId, type InstanceId } from '#contracts/ids.ts'
import type { MessageStatus } from '#contracts/message-status.ts'
import { seedCustomer, seedInstance, seedServer, type Seed } from '#core/testing/seed.ts'
import type { EdgeStores } from './edge-stores.ts'
import { openForSuite } from './open-for-suite.ts'

async function seedPaired(seed: Seed): Promise<{ customerId: CustomerId; id: InstanceId }> {
  const customerId = await seedCustomer(seed)
  const id = await seedInstance(seed, { customerId, serverId: await seedServer(seed) })
  await seed.insert('sessionCredentials', {
    instanceId: id,
    keyRingId: 'k1',
    wrappedDataKey: new Uint8Array([1]),
    credentials: new Uint8Array([2]),
  })
  await seed.insert('sessionKeys', { instanceId: id, type: 'session', id: '1', value: new Uint8Array([3]) })
  return { customerId, id }
}

async function seedMessage(seed: Seed, owner: { customerId: CustomerId; id: InstanceId }, status: MessageStatus) {
  const id = newId('message')
  await seed.insert('messages', {
    id,
    customerId: owner.customerId,
    instanceId: owner.id,
    direction: 'outbound',
    chat: '+5511999990002',
    sender: 'self',
    waMessageId: id,
    type: 'text',
    content: { type: 'text', text: { body: 'Hello' } },
    status,
  })
  return id
}

/** Removal of Instances: part of `instancesConformance`. */
export function instanceRemovalConformance(
  open: () => Promise<Pick<EdgeStores, 'instances' | 'seed' | 'close'>>,
): void {
  describe('Instances, removal', () => {
    const opened = openForSuite(open)

    it('erases credentials and keys of that instance alone', async () => {
      const { instances, seed } = opened()
      const { customerId, id } = await seedPaired(seed)
      const another = await seedPaired(seed)
      expect(await instances.remove(customerId, id)).toBe(true)
      expect(await instances.get(customerId, id)).toBeUndefined()
      expect(await seed.rows('sessionCredentials', { instanceId: id })).toEqual([])
      expect(await seed.rows('sessionKeys', { instanceId: id })).toEqual([])
      expect(await seed.rows('sessionCredentials', { instanceId: another.id })).toHaveLength(1)
      expect(await seed.rows('sessionKeys', { instanceId: another.id })).toHaveLength(1)
    })

    it('fences out the session that still runs, and leaves the lease with its owner', async () => {
      const { instances, seed } = opened()
      const { customerId, id } = await seedPaired(seed)
      await instances.remove(customerId, id)
      expect(await seed.rows('instances', { id })).toMatchObject([{ desired: 'stopped', deletedAt: expect.any(Date) }])
      expect(await seed.rows('instanceLeases', { instanceId: id })).toMatchObject([
        { epoch: 2, ownerIncarnation: 'run-1' },
      ])
    })

    it('cancels what is queued and leaves the rest of the history', async () => {
      const { instances, seed } = opened()
      const owner = await seedPaired(seed)
      const another = await seedPaired(seed)
      const queued = await seedMessage(seed, owner, 'queued')
      const sending = await seedMessage(seed, owner, 'sending')
      const delivered = await seedMessage(seed, owner, 'delivered')
      const queuedElsewhere = await seedMessage(seed, another, 'queued')
      await instances.remove(owner.customerId, owner.id)
      const statusOf = async (id: typeof queued) => (await seed.rows('messages', { id }))[0]?.status
      expect(await statusOf(queued)).toBe('cancelled')
      expect(await statusOf(sending)).toBe('sending')
      expect(await statusOf(delivered)).toBe('delivered')
      expect(await statusOf(queuedElsewhere)).toBe('queued')
    })

    it('removes once, and nothing of another customer', async () => {
      const { instances, seed } = opened()
      const { customerId, id } = await seedPaired(seed)
      expect(await instances.remove(await seedCustomer(seed), id)).toBe(false)
      expect(await seed.rows('sessionKeys', { instanceId: id })).toHaveLength(1)
      expect(await seed.rows('instanceLeases', { instanceId: id })).toMatchObject([{ epoch: 1 }])
      expect(await instances.remove(customerId, id)).toBe(true)
      expect(await instances.remove(customerId, id)).toBe(false)
      expect(await instances.remove(customerId, newId('instance'))).toBe(false)
    })
  })
}
