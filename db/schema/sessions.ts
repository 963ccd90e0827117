import { sql } from 'drizzle-orm'
import { bigint, index, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import type { InstanceId } from '#contracts/ids.ts'
import { bytea, moment } from './column-types.ts'
import { instances } from './instances.ts'

/** A session's credentials under the instance's data key, which is wrapped by a key ring that only workers hold. */
export const sessionCredentials = pgTable('session_credentials', {
  instanceId: text('instance_id')
    .$type<InstanceId>()
    .primaryKey()
    .references(() => instances.id),
  keyRingId: text('key_ring_id').notNull(),
  wrappedDataKey: bytea('wrapped_data_key').notNull(),
  /** Null while only keys are stored. */
  credentials: bytea('credentials'),
  updatedAt: moment('updated_at').notNull().defaultNow(),
})

/** Signal keys, each encrypted under the instance's data key. */
export const sessionKeys = pgTable(
  'session_keys',
  {
    instanceId: text('instance_id')
      .$type<InstanceId>()
      .notNull()
      .references(() => instances.id),
    type: text('type').notNull(),
    id: text('id').notNull(),
    value: bytea('value').notNull(),
  },
  (table) => [primaryKey({ columns: [table.instanceId, table.type, table.id] })],
)

/** What was decrypted, durable before WhatsApp gets the receipt. */
export const inboundJournal = pgTable(
  'inbound_journal',
  {
    instanceId: text('instance_id')
      .$type<InstanceId>()
      .notNull()
      .references(() => instances.id),
    ciphertextHash: bytea('ciphertext_hash').notNull(),
    seq: bigint('seq', { mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    waMessageId: text('wa_message_id'),
    stanza: jsonb('stanza').$type<Record<string, string>>().notNull(),
    plaintext: bytea('plaintext').notNull(),
    epoch: bigint('epoch', { mode: 'number' }).notNull(),
    receivedAt: moment('received_at')
      .notNull()
      .default(sql`clock_timestamp()`),
    projectedAt: moment('projected_at'),
    /** Version of the worker that could not decode it: it is marked as projected, and another version looks once more. */
    undecodableBy: text('undecodable_by'),
  },
  (table) => [
    primaryKey({ columns: [table.instanceId, table.ciphertextHash] }),
    index('inbound_journal_unprojected_idx')
      .on(table.instanceId, table.seq)
      .where(sql`${table.projectedAt} IS NULL`),
    index('inbound_journal_undecodable_idx')
      .on(table.seq)
      .where(sql`${table.undecodableBy} IS NOT NULL`),
    index('inbound_journal_plaintext_idx')
      .on(table.receivedAt)
      .where(sql`${table.projectedAt} IS NOT NULL AND ${table.plaintext} <> ''`),
    index('inbound_journal_hash_idx')
      .on(table.receivedAt)
      .where(sql`${table.projectedAt} IS NOT NULL AND ${table.plaintext} = ''`),
  ],
)
