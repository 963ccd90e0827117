import { sql } from 'drizzle-orm'
import { index, pgTable, text } from 'drizzle-orm/pg-core'
import type { ApiKeyId, CustomerId, InstanceId } from '#contracts/ids.ts'
import type { Scope } from '#contracts/scopes.ts'
import { moment } from './column-types.ts'
import { customers } from './customers.ts'
import { instances } from './instances.ts'

/** Customers' keys: the public part finds one, the bcrypt hash of the whole proves it. */
export const apiKeys = pgTable(
  'api_keys',
  {
    id: text('id').$type<ApiKeyId>().primaryKey(),
    customerId: text('customer_id')
      .$type<CustomerId>()
      .notNull()
      .references(() => customers.id),
    publicId: text('public_id').notNull().unique(),
    secretHash: text('secret_hash').notNull(),
    name: text('name').notNull(),
    scopes: text('scopes').array().$type<Scope[]>().notNull(),
    defaultInstanceId: text('default_instance_id')
      .$type<InstanceId>()
      .references(() => instances.id),
    createdAt: moment('created_at').notNull().defaultNow(),
    expiresAt: moment('expires_at'),
    revokedAt: moment('revoked_at'),
    /** Nothing writes it yet. */
    lastUsedAt: moment('last_used_at'),
    /** CIDR; null is everywhere. Nothing writes or checks it yet. */
    allowedAddresses: text('allowed_addresses').array(),
  },
  (table) => [
    index('api_keys_customer_id_idx').on(table.customerId),
    index('api_keys_default_instance_id_idx')
      .on(table.defaultInstanceId)
      .where(sql`${table.defaultInstanceId} IS NOT NULL`),
  ],
)
