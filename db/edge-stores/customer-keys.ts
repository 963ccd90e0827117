import { and, desc, eq, isNull, sql, type SQL } from 'drizzle-orm'
import type { CustomerId } from '#contracts/ids.ts'
import type { Scope } from '#contracts/scopes.ts'
import type { NewApiKey } from '#core/ports/api-keys.ts'
import { maxKeysPerCustomer, type CustomerKeys } from '#core/ports/customer-keys.ts'
import type { EdgeDatabase } from '#db/clients/neon-http.ts'
import { guardStore } from '#db/errors/guard-store.ts'
import { apiKeys } from '#db/schema/api-keys.ts'
import { customers } from '#db/schema/customers.ts'
import { auditOfChanged } from './audit-sql.ts'
import { batchOnce } from './batch-once.ts'

const managing: Scope = 'keys:manage'

/** Selects an ApiKey from `api_keys`. */
export const keyColumns = {
  id: apiKeys.id,
  name: apiKeys.name,
  publicId: apiKeys.publicId,
  scopes: apiKeys.scopes,
  defaultInstanceId: apiKeys.defaultInstanceId,
  createdAt: apiKeys.createdAt,
  expiresAt: apiKeys.expiresAt,
  lastUsedAt: apiKeys.lastUsedAt,
  allowedAddresses: apiKeys.allowedAddresses,
}

/**
 * Changes of one customer's keys queue up at the customer's row, so that the statements after the lock see what all earlier
 * ones committed: neither the limit nor the last key can be passed by two at once.
 */
export function createCustomerKeys(db: EdgeDatabase): CustomerKeys {
  const lock = (customerId: CustomerId) =>
    db.execute(sql`SELECT FROM customers WHERE id = ${customerId} FOR NO KEY UPDATE`)

  return guardStore<CustomerKeys>({
    async create(customerId, key, maker, audit, once) {
      const kept = sql`(SELECT count(*) FROM api_keys WHERE customer_id = ${customerId} AND revoked_at IS NULL)`
      const makerScopes = sql`(SELECT scopes FROM api_keys WHERE id = ${maker ?? null} AND customer_id = ${customerId})`
      const withinMaker = maker === undefined ? sql`true` : sql`${scopesOf(key)} <@ ${makerScopes}`
      const statements = [
        lock(customerId),
        db.execute(sql`
          WITH changed AS (${insertKey(customerId, key, sql`${kept} < ${maxKeysPerCustomer} AND ${withinMaker}`)}),
          ${auditOfChanged(audit)}
          SELECT id FROM changed`),
        db.select(keyColumns).from(apiKeys).where(eq(apiKeys.id, key.keyId)),
        db
          .select({ makerScopes: sql<Scope[] | null>`${makerScopes}`.mapWith(apiKeys.scopes) })
          .from(customers)
          .where(and(eq(customers.id, customerId), isNull(customers.deletedAt))),
      ] as const
      const effect = sql`(SELECT jsonb_build_object('id', id) FROM api_keys WHERE id = ${key.keyId})`
      const [, , [created], [customer]] = await batchOnce(db, customerId, once, { statements, effect })
      if (created !== undefined) return { outcome: 'created', key: created }
      if (customer === undefined) return { outcome: 'unknown-customer' }
      const beyond = key.scopes.filter((scope) => !(customer.makerScopes ?? []).includes(scope))
      if (maker !== undefined && beyond.length > 0) return { outcome: 'beyond-maker', scopes: beyond }
      return { outcome: 'limit-reached' }
    },

    async list(customerId) {
      const found = await db
        .select({ key: keyColumns })
        .from(customers)
        .leftJoin(apiKeys, and(eq(apiKeys.customerId, customers.id), isNull(apiKeys.revokedAt)))
        .where(and(eq(customers.id, customerId), isNull(customers.deletedAt)))
        .orderBy(desc(apiKeys.createdAt), desc(apiKeys.id))
      if (found.length === 0) return undefined
      return found.flatMap(({ key }) => (key === null ? [] : [key]))
    },

    async revoke(customerId, keyId, { keepManager }, audit) {
      const isLive = (alias: SQL) => sql`(${alias}.revoked_at IS NULL
        AND (${alias}.expires_at IS NULL OR ${alias}.expires_at > clock_timestamp()))`
      const isLastManager = sql`(
        ${managing} = ANY (k.scopes) AND ${isLive(sql`k`)} AND NOT EXISTS (
          SELECT FROM api_keys other
          WHERE other.customer_id = ${customerId} AND other.id <> k.id
            AND ${managing} = ANY (other.scopes) AND ${isLive(sql`other`)}))`
      const [, revoked, [kept]] = await db.batch([
        lock(customerId),
        db.execute(sql`
          WITH changed AS (
            UPDATE api_keys k SET revoked_at = clock_timestamp()
            WHERE k.id = ${keyId} AND k.customer_id = ${customerId} AND k.revoked_at IS NULL
              AND NOT (${keepManager}::boolean AND ${isLastManager})
            RETURNING k.id
          ), ${auditOfChanged(audit)}
          SELECT id FROM changed`),
        db
          .select({ keyId: apiKeys.id })
          .from(customers)
          .leftJoin(
            apiKeys,
            and(eq(apiKeys.id, keyId), eq(apiKeys.customerId, customers.id), isNull(apiKeys.revokedAt)),
          )
          .where(and(eq(customers.id, customerId), isNull(customers.deletedAt))),
      ])
      if (revoked.rows.length > 0) return 'revoked'
      if (kept === undefined) return 'unknown-customer'
      return kept.keyId === null ? 'unknown' : 'last-manager'
    },

    async replaceAll(customerId, key, audit) {
      const [, , , [created]] = await db.batch([
        lock(customerId),
        db.execute(sql`
          UPDATE api_keys SET revoked_at = clock_timestamp()
          WHERE customer_id = ${customerId} AND revoked_at IS NULL`),
        db.execute(sql`
          WITH changed AS (${insertKey(customerId, key, sql`true`)}), ${auditOfChanged(audit)}
          SELECT id FROM changed`),
        db.select(keyColumns).from(apiKeys).where(eq(apiKeys.id, key.keyId)),
      ])
      return created
    },
  })
}

/** Inserts the key if the customer is not deleted and the condition holds. */
function insertKey(customerId: CustomerId, key: NewApiKey, condition: SQL): SQL {
  return sql`
    INSERT INTO api_keys (id, customer_id, public_id, secret_hash, name, scopes, expires_at,
      allowed_addresses)
    SELECT ${key.keyId}::text, c.id, ${key.publicId}::text, ${key.secretHash}::text, ${key.name}::text,
      ${scopesOf(key)}, ${key.expiresAt?.toISOString() ?? null}::timestamptz,
      ${sql.param(key.allowedAddresses ?? null, apiKeys.allowedAddresses)}::text[]
    FROM customers c
    WHERE c.id = ${customerId} AND c.deleted_at IS NULL AND ${condition}
    RETURNING id`
}

function scopesOf({ scopes }: NewApiKey): SQL {
  return sql`${sql.param([...scopes], apiKeys.scopes)}::text[]`
}
