import { sql } from 'drizzle-orm'
import { index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import type { InstanceId, MessageId } from '#contracts/ids.ts'
import { moment } from './column-types.ts'
import { instances } from './instances.ts'

/** The phone numbers behind WhatsApp's anonymous addresses, as stanzas told them. */
export const contactNumbers = pgTable(
  'contact_numbers',
  {
    instanceId: text('instance_id')
      .$type<InstanceId>()
      .notNull()
      .references(() => instances.id),
    lid: text('lid').notNull(),
    /** E.164. */
    phoneNumber: text('phone_number').notNull(),
    learnedAt: moment('learned_at')
      .notNull()
      .default(sql`clock_timestamp()`),
  },
  (table) => [primaryKey({ columns: [table.instanceId, table.lid] })],
)

/** Messages that could not be decrypted and the customer was told of. */
export const undecryptableMessages = pgTable(
  'undecryptable_messages',
  {
    instanceId: text('instance_id')
      .$type<InstanceId>()
      .notNull()
      .references(() => instances.id),
    waMessageId: text('wa_message_id').notNull(),
    chat: text('chat').notNull(),
    sender: text('sender').notNull(),
    /** Of the message, from the first failure on. */
    messageId: text('message_id').$type<MessageId>().notNull(),
    failedAt: moment('failed_at').notNull(),
    resolvedAt: moment('resolved_at'),
  },
  (table) => [
    primaryKey({ columns: [table.instanceId, table.waMessageId, table.chat, table.sender] }),
    index('undecryptable_messages_failed_at_idx').on(table.failedAt),
  ],
)
