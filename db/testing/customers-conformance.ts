import { describe, expect, it } from 'vitest'
import { newId } from '#contracts/ids.ts'
import type { NewApiKey } from '#core/ports/api-keys.ts'
import { seedApiKey, seedCustomer, seedInstance, seedServer } from '#core/testing/seed.ts'
import type { EdgeStores } from './edge-stores.ts'
import { openForSuite } from './open-for-suite.ts'

type Opened = Pick<EdgeStores, 'customers' | 'apiKeys' | 'seed' | 'close'>

export function newKey(values: Partial<NewApiKey> = {}): NewApiKey {
  const keyId = newId('apiKey')
  return {
    keyId,
    publicId: keyId.slice(-8),
    secretHash: 'hash',
    name: 'First key',
    scopes: ['messages:send'],
    ...values,
  }
}

const dayUtc = (offsetDays: number) => new Date(Date.now() + offsetDays * 86_400_000).toISOString().slice(0, 10)

export function customersConformance(open: () => Promise<Opened>): void {
  describe('Customers', () => {
    const opened = openForSuite(open)

    it('creates a customer with a first key that works', async () => {
      const { customers, apiKeys } = opened()
      const id = newId('customer')
      const key = newKey()
      await customers.create({ id, name: "Müller & Söhne's", plan: 'pro' }, key)
      expect(await apiKeys.standing(key.keyId, null)).toEqual({
        keyLive: true,
        addressAllowed: true,
        useRecorded: false,
        customerStatus: 'active',
        scopes: ['messages:send'],
        plan: 'pro',
        limitOverrides: {},
      })
      expect(await customers.account(id, key.keyId)).toEqual({
        customer: { id, name: "Müller & Söhne's", plan: 'pro', limitOverrides: {} },
        apiKey: { id: key.keyId, name: 'First key', scopes: ['messages:send'], defaultInstanceId: null },
        messagesToday: 0,
        instances: 0,
      })
    })

    it('gets a customer with its status, until it is deleted', async () => {
      const { customers, seed } = opened()
      const terms = { plan: 'pro', limitOverrides: { instances: 5 }, region: 'eu', assignedServerId: null } as const
      const values = { name: 'Shop', status: 'suspended', ...terms } as const
      const id = await seedCustomer(seed, values)
      expect(await customers.get(id)).toEqual(values)
      await seed.update('customers', { id }, { deletedAt: new Date() })
      expect(await customers.get(id)).toBeUndefined()
    })

    it('creates neither when the key cannot be created', async () => {
      const { customers, seed } = opened()
      await seedApiKey(seed, await seedCustomer(seed), { publicId: 'taken000' })
      const id = newId('customer')
      await expect(
        customers.create({ id, name: 'Twin', plan: 'basic' }, newKey({ publicId: 'taken000' })),
      ).rejects.toThrow()
      expect(await seed.rows('customers', { id })).toEqual([])
    })

    it("counts today's messages and the instances that are not deleted", async () => {
      const { customers, seed } = opened()
      const customerId = await seedCustomer(seed)
      const serverId = await seedServer(seed)
      const kept = await seedInstance(seed, { customerId, serverId })
      await seedInstance(seed, { customerId, serverId }, { deletedAt: new Date() })
      const keyId = await seedApiKey(seed, customerId, { defaultInstanceId: kept })
      await seed.insert('usageDays', { customerId, day: dayUtc(0), messages: 7 })
      await seed.insert('usageDays', { customerId, day: dayUtc(-1), messages: 100 })
      expect(await customers.account(customerId, keyId)).toMatchObject({
        apiKey: { defaultInstanceId: kept },
        messagesToday: 7,
        instances: 1,
      })
    })

    it("shows no account for another customer's key, nor of a deleted customer", async () => {
      const { customers, seed } = opened()
      const customerId = await seedCustomer(seed)
      const keyOfAnother = await seedApiKey(seed, await seedCustomer(seed))
      expect(await customers.account(customerId, keyOfAnother)).toBeUndefined()
      const deleted = await seedCustomer(seed, { deletedAt: new Date() })
      expect(await customers.account(deleted, await seedApiKey(seed, deleted))).toBeUndefined()
    })
  })
}
