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
      const customerId = await seedCustomer(seed, { plan: 'pro' })
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
      })
    })

    it('knows nothing of an unknown key', async () => {
      const { apiKeys } = opened()
      expect(await apiKeys.findByPublicId('unknown0')).toBeUndefined()
      expect(await apiKeys.standing(newId('apiKey'))).toBeUndefined()
    })

    it('tells scopes and plan of a live key', async () => {
      const { apiKeys, seed } = opened()
      const customerId = await seedCustomer(seed, { plan: 'basic' })
      const keyId = await seedApiKey(seed, customerId, { scopes: ['messages:send', 'account:read'] })
      expect(await apiKeys.standing(keyId)).toEqual({
        keyLive: true,
        customerStatus: 'active',
        scopes: ['messages:send', 'account:read'],
        plan: 'basic',
      })
    })

    it.each([
      ['revoked', { revokedAt: anHourAgo() }, false],
      ['expired', { expiresAt: anHourAgo() }, false],
      ['not yet expired', { expiresAt: inAnHour() }, true],
    ])('tells whether a key that is %s is live', async (_, values, keyLive) => {
      const { apiKeys, seed } = opened()
      const keyId = await seedApiKey(seed, await seedCustomer(seed), values)
      expect(await apiKeys.standing(keyId)).toMatchObject({ keyLive, customerStatus: 'active' })
    })

    it.each([
      ['suspended', { status: 'suspended' as const }],
      ['deleted', { deletedAt: anHourAgo() }],
    ])('tells that the customer is %s', async (customerStatus, values) => {
      const { apiKeys, seed } = opened()
      const keyId = await seedApiKey(seed, await seedCustomer(seed, values))
      expect(await apiKeys.standing(keyId)).toMatchObject({ keyLive: true, customerStatus })
    })
  })
}
