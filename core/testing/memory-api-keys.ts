import type { ApiKeyId } from '#contracts/ids.ts'
import type { ApiKeys, KeyStanding } from '#core/ports/api-keys.ts'
import type { MemoryDatabase } from './memory-database.ts'

export function createMemoryApiKeys(database: MemoryDatabase): ApiKeys {
  const { tables } = database
  return {
    async findByPublicId(publicId) {
      const key = tables.apiKeys.find((row) => row.publicId === publicId)
      const customer = tables.customers.find((row) => row.id === key?.customerId)
      if (key === undefined || customer === undefined) return undefined
      return { keyId: key.id, customerId: key.customerId, secretHash: key.secretHash, plan: customer.plan }
    },

    async standing(keyId) {
      return keyStanding(database, keyId)
    },
  }
}

export function keyStanding({ tables, now }: MemoryDatabase, keyId: ApiKeyId): KeyStanding | undefined {
  const key = tables.apiKeys.find((row) => row.id === keyId)
  const customer = tables.customers.find((row) => row.id === key?.customerId)
  if (key === undefined || customer === undefined) return undefined
  return {
    keyLive: key.revokedAt === null && (key.expiresAt === null || key.expiresAt > now()),
    customerStatus: customer.deletedAt === null ? customer.status : 'deleted',
    scopes: [...key.scopes],
    plan: customer.plan,
  }
}
