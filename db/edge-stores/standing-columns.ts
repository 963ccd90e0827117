import { sql } from 'drizzle-orm'
import { useRecordedForMs, type KeyStanding } from '#core/ports/api-keys.ts'
import { apiKeys } from '#db/schema/api-keys.ts'
import { customers } from '#db/schema/customers.ts'

/** Whether the key is neither revoked nor expired, by the database's clock. */
export const keyIsLive = sql<boolean>`(${apiKeys.revokedAt} IS NULL
  AND (${apiKeys.expiresAt} IS NULL OR ${apiKeys.expiresAt} > clock_timestamp()))`

/** Whether the key may be used from there. The networks of a key and this address are valid by core/rules/ip-address.ts. */
export function addressIsAllowed(address: string | null) {
  return sql<boolean>`(${apiKeys.allowedAddresses} IS NULL
    OR coalesce(${address}::inet <<= ANY (${apiKeys.allowedAddresses}::inet[]), false))`
}

export const useIsRecorded = sql<boolean>`coalesce(
  ${apiKeys.lastUsedAt} > clock_timestamp() - ${useRecordedForMs} * interval '1 millisecond', false)`

/** Selects a KeyStanding for a request from `address` of `api_keys` joined with `customers`. */
export const standingColumns = (address: string | null) => ({
  keyLive: keyIsLive,
  addressAllowed: addressIsAllowed(address),
  useRecorded: useIsRecorded,
  customerStatus: sql<KeyStanding['customerStatus']>`
    CASE WHEN ${customers.deletedAt} IS NULL THEN ${customers.status} ELSE 'deleted' END`,
  scopes: apiKeys.scopes,
  plan: customers.plan,
  limitOverrides: customers.limitOverrides,
})
