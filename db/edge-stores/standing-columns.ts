import { sql } from 'drizzle-orm'
import type { KeyStanding } from '#core/ports/api-keys.ts'
import { apiKeys } from '#db/schema/api-keys.ts'
import { customers } from '#db/schema/customers.ts'

/** Whether the key is neither revoked nor expired, by the database's clock. */
export const keyIsLive = sql<boolean>`(${apiKeys.revokedAt} IS NULL
  AND (${apiKeys.expiresAt} IS NULL OR ${apiKeys.expiresAt} > clock_timestamp()))`

/** Selects a KeyStanding from `api_keys` joined with `customers`. */
export const standingColumns = {
  keyLive: keyIsLive,
  customerStatus: sql<KeyStanding['customerStatus']>`
    CASE WHEN ${customers.deletedAt} IS NULL THEN ${customers.status} ELSE 'deleted' END`,
  scopes: apiKeys.scopes,
  plan: customers.plan,
}
