import { sql } from 'drizzle-orm'
import { bigint, check, index, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import type { CustomerId, InstanceId, MessageId } from '#contracts/ids.ts'
import type { MessageContent, MessageType } from '#contracts/message-content.ts'
import type { MessageFailure, MessageStatus } from '#contracts/message-status.ts'
import { bytea, moment } from './column-types.ts'
import { customers } from './customers.ts'
import { instances } from './instances.ts'

export const messages = pgTable(
  'messages',
  {
    id: text('id').$type<MessageId>().primaryKey(),
    /** Order of acceptance: per chat, messages leave in it; lists are read by it. */
    seq: bigint('seq', { mode: 'number' }).notNull().generatedAlwaysAsIdentity().unique(),
    customerId: text('customer_id')
      .$type<CustomerId>()
      .notNull()
      .references(() => customers.id),
    instanceId: text('instance_id')
      .$type<InstanceId>()
      .notNull()
      .references(() => instances.id),
    direction: text('direction').$type<'outbound' | 'inbound'>().notNull(),
    chat: text('chat').notNull(),
    sender: text('sender').notNull(),
    waMessageId: text('wa_message_id').notNull(),
    type: text('type').$type<MessageType>().notNull(),
    content: jsonb('content').$type<MessageContent>().notNull(),
    contextMessageId: text('context_message_id').$type<MessageId>(),
    status: text('status').$type<MessageStatus>().notNull(),
    failure: text('failure').$type<MessageFailure>(),
    idempotencyKey: text('idempotency_key'),
    requestHash: bytea('request_hash'),
    attempts: integer('attempts').notNull().default(0),
    notBefore: moment('not_before'),
    expiresAt: moment('expires_at'),
    createdAt: moment('created_at')
      .notNull()
      .default(sql`clock_timestamp()`),
    sentAt: moment('sent_at'),
    deliveredAt: moment('delivered_at'),
    readAt: moment('read_at'),
  },
  (table) => [
    check('messages_direction_check', sql`${table.direction} IN ('outbound', 'inbound')`),
    check(
      'messages_status_check',
      sql`${table.status} IN ('queued', 'sending', 'sent', 'delivered', 'read', 'failed', 'expired', 'cancelled', 'received')`,
    ),
    uniqueIndex('messages_idempotency_key_idx')
      .on(table.customerId, table.idempotencyKey)
      .where(sql`${table.idempotencyKey} IS NOT NULL`),
    uniqueIndex('messages_wa_message_id_idx').on(table.instanceId, table.waMessageId, table.chat, table.sender),
    index('messages_outbox_idx')
      .on(table.instanceId, table.chat, table.seq)
      .where(sql`${table.status} IN ('queued', 'sending')`),
    index('messages_exchanged_idx')
      .on(table.instanceId, table.chat)
      .where(sql`${table.status} IN ('sent', 'delivered', 'read', 'received')`),
    index('messages_list_idx').on(table.instanceId, table.seq.desc()),
    index('messages_lid_chat_idx')
      .on(table.instanceId, table.chat)
      .where(sql`${table.chat} LIKE '%@lid'`),
    index('messages_lid_sender_idx')
      .on(table.instanceId, table.sender)
      .where(sql`${table.sender} LIKE '%@lid'`),
  ],
)
