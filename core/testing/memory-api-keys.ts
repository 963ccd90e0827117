import type { ApiKeyId } from '#contracts/ids.ts'
import { useRecordedForMs, type ApiKeys, type KeyStanding } from '#core/ports/api-keys.ts'
import { networkHolds, parseIpAddress, parseIpNetwork } from '#core/rules/ip-address.ts'
import type { MemoryDatabase } from './memory-database.ts'
import type { MemoryRows } from './memory-rows.ts'

export function createMemoryApiKeys(database: MemoryDatabase): ApiKeys {
  const { tables } = database
  return {
    async findByPublicId(publicId) {
      const key = tables.apiKeys.find((row) => row.publicId === publicId)
      const customer = tables.customers.find((row) => row.id === key?.customerId)
      if (key === undefined || customer === undefined) return undefined
      const { plan, limitOverrides } = customer
      return { keyId: key.id, customerId: key.customerId, secretHash: key.secretHash, plan, limitOverrides }
    },

    async standing(keyId, address) {
      return keyStanding(database, keyId, address)
    },

    async recordUse(keyId) {
      const key = tables.apiKeys.find((row) => row.id === keyId)
      if (key !== undefined && !useIsRecorded(key, database.now())) key.lastUsedAt = database.now()
    },
  }
}

export function keyStanding(
  { tables, now }: MemoryDatabase,
  keyId: ApiKeyId,
  address: string | null,
): KeyStanding | undefined {
  const key = tables.apiKeys.find((row) => row.id === keyId)
  const customer = tables.customers.find((row) => row.id === key?.customerId)
  if (key === undefined || customer === undefined) return undefined
  return {
    keyLive: key.revokedAt === null && (key.expiresAt === null || key.expiresAt > now()),
    addressAllowed: isAllowed(key.allowedAddresses, address),
    useRecorded: useIsRecorded(key, now()),
    customerStatus: customer.deletedAt === null ? customer.status : 'deleted',
    scopes: [...key.scopes],
    plan: customer.plan,
    limitOverrides: customer.limitOverrides,
  }
}

function isAllowed(networks: readonly string[] | null, from: string | null): boolean {
  if (networks === null) return true
  const address = parseIpAddress(from ?? '')
  return address !== undefined && networks.some((network) => networkHolds(parseIpNetwork(network)!, address))
}

function useIsRecorded({ lastUsedAt }: MemoryRows['apiKeys'], now: Date): boolean {
  return lastUsedAt !== null && lastUsedAt.getTime() > now.getTime() - useRecordedForMs
}
