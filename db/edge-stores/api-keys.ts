import { and, eq, not, sql } from 'drizzle-orm'
import type { ApiKeys } from '#core/ports/api-keys.ts'
import type { EdgeDatabase } from '#db/clients/neon-http.ts'
import { guardStore } from '#db/errors/guard-store.ts'
import { apiKeys } from '#db/schema/api-keys.ts'
import { customers } from '#db/schema/customers.ts'
import { standingColumns, useIsRecorded } from './standing-columns.ts'

export function createApiKeys(db: EdgeDatabase): ApiKeys {
  return guardStore<ApiKeys>({
    async findByPublicId(publicId) {
      const [found] = await db
        .select({
          keyId: apiKeys.id,
          customerId: apiKeys.customerId,
          secretHash: apiKeys.secretHash,
          plan: customers.plan,
          limitOverrides: customers.limitOverrides,
        })
        .from(apiKeys)
        .innerJoin(customers, eq(customers.id, apiKeys.customerId))
        .where(eq(apiKeys.publicId, publicId))
      return found
    },

    async standing(keyId, address) {
      const [standing] = await db
        .select(standingColumns(address))
        .from(apiKeys)
        .innerJoin(customers, eq(customers.id, apiKeys.customerId))
        .where(eq(apiKeys.id, keyId))
      return standing
    },

    async recordUse(keyId) {
      await db
        .update(apiKeys)
        .set({ lastUsedAt: sql`clock_timestamp()` })
        .where(and(eq(apiKeys.id, keyId), not(useIsRecorded)))
    },
  })
}
