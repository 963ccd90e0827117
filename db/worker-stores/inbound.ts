import { and, asc, inArray, isNull, sql } from 'drizzle-orm'
import { newId } from '#contracts/ids.ts'
import type { Inbound, JournalRow, ProjectedMessage } from '#core/ports/inbound.ts'
import { selfSender } from '#core/ports/messages.ts'
import { guardStore } from '#db/errors/guard-store.ts'
import { inboundJournal } from '#db/schema/sessions.ts'
import { messageFacts, recordFacts } from './record-event.ts'
import { storableJson, storableText } from './storable.ts'
import type { WorkerDatabase } from './worker-database.ts'

export function createInbound(database: WorkerDatabase): Inbound {
  return guardStore<Inbound>({
    async unprojected(instanceIds, limit) {
      if (instanceIds.length === 0) return []
      const { instanceId, seq, waMessageId, stanza, plaintext, receivedAt, projectedAt } = inboundJournal
      return database
        .select({ instanceId, seq, waMessageId, stanza, plaintext, receivedAt })
        .from(inboundJournal)
        .where(and(inArray(instanceId, [...instanceIds]), isNull(projectedAt)))
        .orderBy(asc(seq))
        .limit(limit)
    },

    project: (row, message) =>
      message === undefined ? setAside(database, row) : projectMessage(database, row, message),
  })
}

type JournalKey = Pick<JournalRow, 'instanceId' | 'seq'>

async function setAside(database: WorkerDatabase, { instanceId, seq }: JournalKey): Promise<false> {
  await database.execute(sql`
    UPDATE inbound_journal SET projected_at = clock_timestamp()
    WHERE instance_id = ${instanceId} AND seq = ${seq} AND projected_at IS NULL`)
  return false
}

/** Mark, message, event and deliveries in one statement. A row that was projected already does nothing. */
async function projectMessage(
  database: WorkerDatabase,
  { instanceId, seq }: JournalKey,
  { waMessageId, chat, sender, content }: ProjectedMessage,
): Promise<boolean> {
  // What another device of the own account wrote was sent from here, as customers see it.
  const own = sender === selfSender
  const { rows } = await database.execute<{ inserted: boolean }>(sql`
    WITH projected AS (
      UPDATE inbound_journal SET projected_at = clock_timestamp()
      WHERE instance_id = ${instanceId} AND seq = ${seq} AND projected_at IS NULL
      RETURNING instance_id, received_at
    ),
    changed AS (
      INSERT INTO messages (id, customer_id, instance_id, direction, chat, sender, wa_message_id, type, content, status,
        created_at, sent_at)
      SELECT ${newId('message')}, i.customer_id, i.id, ${own ? 'outbound' : 'inbound'}, ${storableText(chat)},
        ${storableText(sender)}, ${storableText(waMessageId)}, ${content.type}, ${storableJson(content)}::jsonb,
        ${own ? 'sent' : 'received'}, p.received_at, CASE WHEN ${own} THEN p.received_at END
      FROM projected p
      JOIN instances i ON i.id = p.instance_id
      ON CONFLICT (instance_id, wa_message_id, chat, sender) DO NOTHING
      RETURNING *
    ),
    ${messageFacts(own ? 'message.sent' : 'message.received', 1)},
    ${recordFacts}
    SELECT EXISTS (SELECT FROM changed) AS inserted`)
  return rows[0]?.inserted === true
}
