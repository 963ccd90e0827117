import { describe, expect, it } from 'vitest'
import { newId, type ApiKeyId } from '#contracts/ids.ts'
import { maxKeysPerCustomer } from '#core/ports/customer-keys.ts'
import { seedApiKey, seedCustomer } from '#core/testing/seed.ts'
import { auditEntry } from './audit-fixture.ts'
import { newKey } from './customers-conformance.ts'
import type { EdgeStores } from './edge-stores.ts'
import { openForSuite } from './open-for-suite.ts'

type Opened = Pick<EdgeStores, 'customerKeys' | 'apiKeys' | 'auditLog' | 'seed' | 'close'>

export function customerKeysConformance(open: () => Promise<Opened>): void {
  describe('CustomerKeys', () => {
    const opened = openForSuite(open)
    const entry = (target: string) => auditEntry(null, { target })
    const entries = async (target: string) =>
      (await opened().auditLog.list({ target }, { page: 1, perPage: 100 })).rows.length

    it('makes a key that works, with its audit entry, and lists those that are not revoked', async () => {
      const { customerKeys, apiKeys, seed } = opened()
      const customerId = await seedCustomer(seed)
      const older = await seedApiKey(seed, customerId, { createdAt: new Date(Date.now() - 60_000) })
      await seedApiKey(seed, customerId, { revokedAt: new Date() })
      await seedApiKey(seed, await seedCustomer(seed))
      const key = newKey({
        scopes: ['messages:send', 'keys:manage'],
        expiresAt: new Date(Date.now() + 60_000),
        allowedAddresses: ['192.0.2.0/24', '2001:db8::/32'],
      })
      const created = await customerKeys.create(customerId, key, undefined, entry(key.keyId))
      const { keyId, secretHash: _hash, ...shown } = key
      expect(created).toEqual({
        outcome: 'created',
        key: {
          ...shown,
          id: keyId,
          defaultInstanceId: null,
          createdAt: expect.any(Date) as Date,
          lastUsedAt: null,
        },
      })
      expect(await apiKeys.standing(keyId, null)).toMatchObject({ keyLive: true, scopes: key.scopes })
      expect((await customerKeys.list(customerId))?.map(({ id }) => id)).toEqual([keyId, older])
      expect(await entries(keyId)).toBe(1)
    })

    it('gives no scope that the making key lacks, nor any by the key of another customer', async () => {
      const { customerKeys, seed } = opened()
      const customerId = await seedCustomer(seed)
      const maker = await seedApiKey(seed, customerId, { scopes: ['keys:manage', 'messages:read'] })
      const foreign = await seedApiKey(seed, await seedCustomer(seed))
      const create = (scopes: Parameters<typeof newKey>[0], by: ApiKeyId) => {
        const key = newKey(scopes)
        return customerKeys.create(customerId, key, by, entry('scopes of the maker'))
      }
      expect(await create({ scopes: ['messages:read'] }, maker)).toMatchObject({ outcome: 'created' })
      expect(await create({ scopes: ['messages:read', 'messages:send'] }, maker)).toEqual({
        outcome: 'beyond-maker',
        scopes: ['messages:send'],
      })
      expect(await create({ scopes: ['messages:read'] }, foreign)).toMatchObject({ outcome: 'beyond-maker' })
      expect(await entries('scopes of the maker')).toBe(1)
    })

    it('keeps to the limit, also when two come at once for the last place', async () => {
      const { customerKeys, seed } = opened()
      const customerId = await seedCustomer(seed)
      for (let n = 1; n < maxKeysPerCustomer; n++) await seedApiKey(seed, customerId)
      const create = () => {
        const key = newKey()
        return customerKeys.create(customerId, key, undefined, entry(customerId))
      }
      const outcomes = (await Promise.all([create(), create()])).map(({ outcome }) => outcome)
      expect(outcomes.toSorted()).toEqual(['created', 'limit-reached'])
      expect(await entries(customerId)).toBe(1)
    })

    it('makes and shows none for a customer that is unknown or deleted', async () => {
      const { customerKeys, seed } = opened()
      for (const id of [newId('customer'), await seedCustomer(seed, { deletedAt: new Date() })]) {
        expect(await customerKeys.create(id, newKey(), undefined, entry(id))).toEqual({ outcome: 'unknown-customer' })
        expect(await customerKeys.replaceAll(id, newKey(), entry(id))).toBeUndefined()
        expect(await customerKeys.list(id)).toBeUndefined()
        const revoke = customerKeys.revoke(id, newId('apiKey'), { keepManager: false }, entry(id))
        expect(await revoke).toBe('unknown-customer')
        expect(await entries(id)).toBe(0)
      }
    })

    it('revokes a key once, and none of another customer', async () => {
      const { customerKeys, apiKeys, seed } = opened()
      const customerId = await seedCustomer(seed)
      const keyId = await seedApiKey(seed, customerId)
      const revoke = (of: typeof customerId) => customerKeys.revoke(of, keyId, { keepManager: false }, entry(keyId))
      expect(await revoke(await seedCustomer(seed))).toBe('unknown')
      expect(await apiKeys.standing(keyId, null)).toMatchObject({ keyLive: true })
      expect([await revoke(customerId), await revoke(customerId)]).toEqual(['revoked', 'unknown'])
      expect(await apiKeys.standing(keyId, null)).toMatchObject({ keyLive: false })
      expect(await entries(keyId)).toBe(1)
    })

    it('keeps the last live key that may manage keys, also when the last two revoke each other at once', async () => {
      const { customerKeys, seed } = opened()
      const customerId = await seedCustomer(seed)
      const [one, two] = [await seedApiKey(seed, customerId), await seedApiKey(seed, customerId)]
      const plain = await seedApiKey(seed, customerId, { scopes: ['messages:send'] })
      await seedApiKey(seed, customerId, { expiresAt: new Date(0) })
      await seedApiKey(seed, await seedCustomer(seed))
      const revoke = (id: ApiKeyId, keepManager = true) =>
        customerKeys.revoke(customerId, id, { keepManager }, entry(id))
      const outcomes = await Promise.all([revoke(one), revoke(two)])
      expect(outcomes.toSorted()).toEqual(['last-manager', 'revoked'])
      expect(await revoke(plain)).toBe('revoked')
      const last = outcomes[0] === 'revoked' ? two : one
      expect(await entries(last)).toBe(0)
      expect(await revoke(last, false)).toBe('revoked')
    })

    it('replaces all keys of one customer by a new one', async () => {
      const { customerKeys, apiKeys, seed } = opened()
      const customerId = await seedCustomer(seed)
      const [old, foreign] = [await seedApiKey(seed, customerId), await seedApiKey(seed, await seedCustomer(seed))]
      const key = newKey()
      expect(await customerKeys.replaceAll(customerId, key, entry(customerId))).toMatchObject({ id: key.keyId })
      expect((await customerKeys.list(customerId))?.map(({ id }) => id)).toEqual([key.keyId])
      expect(await apiKeys.standing(old, null)).toMatchObject({ keyLive: false })
      expect(await apiKeys.standing(foreign, null)).toMatchObject({ keyLive: true })
      expect(await entries(customerId)).toBe(1)
    })
  })
}
