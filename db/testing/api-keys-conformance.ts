import { describe, expect, it } from 'vitest'
import { newId } from '#contracts/ids.ts'
import type { ApiKeys } from '#core/ports/api-keys.ts'
import { seedApiKey, seedCustomer, type Seed } from '#core/testing/seed.ts'
import { openForSuite } from './open-for-suite.ts'

interface Opened {
  apiKeys: ApiKeys
  seed: Seed
  close: () => Promise<void>
}

const anHourAgo = () => new Date(Date.now() - 3_600_000)
const inAnHour = () => new Date(Date.now() + 3_600_000)

export function apiKeysConformance(open: () => Promise<Opened>): void {
  describe('ApiKeys', () => {
    const opened = openForSuite(open)

    it('finds what a presented key is compared with, also of a revoked key', async () => {
      const { apiKeys, seed } = opened()
      const limitOverrides = { requests_per_minute: 900 }
      const customerId = await seedCustomer(seed, { plan: 'pro', limitOverrides })
      const keyId = await seedApiKey(seed, customerId, {
        publicId: 'findable',
        secretHash: '$2b$12$hash',
        revokedAt: anHourAgo(),
      })
      expect(await apiKeys.findByPublicId('findable')).toEqual({
        keyId,
        customerId,
        secretHash: '$2b$12$hash',
        plan: 'pro',
        limitOverrides,
      })
    })

    it('knows nothing of an unknown key', async () => {
      const { apiKeys } = opened()
      expect(await apiKeys.findByPublicId('unknown0')).toBeUndefined()
      expect(await apiKeys.standing(newId('apiKey'), null)).toBeUndefined()
    })

    it('tells scopes and terms of a live key', async () => {
      const { apiKeys, seed } = opened()
      const limitOverrides = { requests_per_hour: null }
      const customerId = await seedCustomer(seed, { plan: 'basic', limitOverrides })
      const keyId = await seedApiKey(seed, customerId, { scopes: ['messages:send', 'account:read'] })
      expect(await apiKeys.standing(keyId, null)).toEqual({
        keyLive: true,
        addressAllowed: true,
        useRecorded: false,
        customerStatus: 'active',
        scopes: ['messages:send', 'account:read'],
        plan: 'basic',
        limitOverrides,
      })
    })

    it.each([
      ['revoked', { revokedAt: anHourAgo() }, false],
      ['expired', { expiresAt: anHourAgo() }, false],
      ['not yet expired', { expiresAt: inAnHour() }, true],
    ])('tells whether a key that is %s is live', async (_, values, keyLive) => {
      const { apiKeys, seed } = opened()
      const keyId = await seedApiKey(seed, await seedCustomer(seed), values)
      expect(await apiKeys.standing(keyId, null)).toMatchObject({ keyLive, customerStatus: 'active' })
    })

    it.each<[string[] | null, string | null, boolean]>([
      [null, null, true],
      [null, '192.0.2.7', true],
      [['192.0.2.0/24'], '192.0.2.255', true],
      [['192.0.2.0/24'], '192.0.3.0', false],
      [['192.0.2.0/24'], '2001:db8::1', false],
      [['192.0.2.0/24'], null, false],
      [['192.0.2.7/32', '2001:db8::/48'], '2001:db8:0:ffff::1', true],
      [['192.0.2.7/32', '2001:db8::/48'], '2001:db8:1::1', false],
      [['0.0.0.0/0'], '255.255.255.255', true],
      [['0.0.0.0/0'], '::1', false],
      [['::/0'], '::1', true],
    ])('a key of the networks %j used from %s: %s', async (allowedAddresses, address, addressAllowed) => {
      const { apiKeys, seed } = opened()
      const keyId = await seedApiKey(seed, await seedCustomer(seed), { allowedAddresses })
      expect(await apiKeys.standing(keyId, address)).toMatchObject({ keyLive: true, addressAllowed })
    })

    it('writes the last use down once a minute', async () => {
      const { apiKeys, seed } = opened()
      const customerId = await seedCustomer(seed)
      const used = new Date(Date.now() - 10_000)
      const lately = await seedApiKey(seed, customerId, { lastUsedAt: used })
      const before = await seedApiKey(seed, customerId, { lastUsedAt: anHourAgo() })
      const never = await seedApiKey(seed, customerId)
      const recorded = async (keyId: typeof lately) => (await apiKeys.standing(keyId, null))?.useRecorded
      expect([await recorded(lately), await recorded(before), await recorded(never)]).toEqual([true, false, false])
      for (const keyId of [lately, before, never, newId('apiKey')]) await apiKeys.recordUse(keyId)
      expect([await recorded(lately), await recorded(before), await recorded(never)]).toEqual([true, true, true])
      expect((await seed.rows('apiKeys', { id: lately }))[0]?.lastUsedAt).toEqual(used)
    })

    it.each([
      ['suspended', { status: 'suspended' as const }],
      ['deleted', { deletedAt: anHourAgo() }],
    ])('tells that the customer is %s', async (customerStatus, values) => {
      const { apiKeys, seed } = opened()
      const keyId = await seedApiKey(seed, await seedCustomer(seed, values))
      expect(await apiKeys.standing(keyId, null)).toMatchObject({ keyLive: true, customerStatus })
    })
  })
}
