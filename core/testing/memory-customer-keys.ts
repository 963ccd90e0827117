import type { CustomerId } from '#contracts/ids.ts'
import type { NewApiKey } from '#core/ports/api-keys.ts'
import { maxKeysPerCustomer, type ApiKey, type CreateKeyOutcome, type CustomerKeys } from '#core/ports/customer-keys.ts'
import { recordAudit } from './memory-audit-log.ts'
import type { MemoryDatabase } from './memory-database.ts'
import { memoryOnce } from './memory-once.ts'
import type { MemoryRows } from './memory-rows.ts'

export function createMemoryCustomerKeys(database: MemoryDatabase): CustomerKeys {
  const { tables, now } = database
  const find = (id: CustomerId) => tables.customers.find((row) => row.id === id && row.deletedAt === null)
  const manages = (row: MemoryRows['apiKeys']) =>
    row.scopes.includes('keys:manage') && row.revokedAt === null && (row.expiresAt === null || row.expiresAt > now())

  function insert(customerId: CustomerId, { keyId, ...key }: NewApiKey): ApiKey {
    return keyOf(database.insert('apiKeys', { ...key, id: keyId, customerId, scopes: [...key.scopes] }))
  }

  return {
    async create(customerId, key, maker, audit, once) {
      return memoryOnce(database, customerId, once, {
        act: () => {
          if (find(customerId) === undefined) return { outcome: 'unknown-customer' }
          const makerScopes =
            tables.apiKeys.find((row) => row.id === maker && row.customerId === customerId)?.scopes ?? []
          const beyond = key.scopes.filter((scope) => !makerScopes.includes(scope))
          if (maker !== undefined && beyond.length > 0) return { outcome: 'beyond-maker', scopes: beyond }
          if (liveKeysOf(database, customerId).length >= maxKeysPerCustomer) return { outcome: 'limit-reached' }
          recordAudit(database, audit)
          return { outcome: 'created', key: insert(customerId, key) }
        },
        effectOf: (result: CreateKeyOutcome) => (result.outcome === 'created' ? { id: result.key.id } : undefined),
      })
    },

    async list(customerId) {
      return find(customerId) === undefined ? undefined : liveKeysOf(database, customerId)
    },

    async revoke(customerId, keyId, { keepManager }, audit) {
      if (find(customerId) === undefined) return 'unknown-customer'
      const own = tables.apiKeys.filter((row) => row.customerId === customerId)
      const key = own.find((row) => row.id === keyId && row.revokedAt === null)
      if (key === undefined) return 'unknown'
      const others = own.filter((row) => row.id !== keyId)
      if (keepManager && manages(key) && !others.some(manages)) return 'last-manager'
      key.revokedAt = now()
      recordAudit(database, audit)
      return 'revoked'
    },

    async replaceAll(customerId, key, audit) {
      if (find(customerId) === undefined) return undefined
      for (const row of tables.apiKeys) if (row.customerId === customerId) row.revokedAt ??= now()
      recordAudit(database, audit)
      return insert(customerId, key)
    },
  }
}

/** Those that are not revoked, newest first. */
export function liveKeysOf({ tables }: MemoryDatabase, customerId: CustomerId): ApiKey[] {
  return tables.apiKeys
    .filter((row) => row.customerId === customerId && row.revokedAt === null)
    .map(keyOf)
    .toReversed()
}

function keyOf(row: MemoryRows['apiKeys']): ApiKey {
  const { id, name, publicId, scopes, defaultInstanceId, createdAt, expiresAt, lastUsedAt, allowedAddresses } = row
  return {
    id,
    name,
    publicId,
    scopes: [...scopes],
    defaultInstanceId,
    createdAt,
    expiresAt,
    lastUsedAt,
    allowedAddresses,
  }
}
