import { sql } from 'drizzle-orm'
import type { InstanceId } from '#contracts/ids.ts'
import type { OutboxEntry } from '#core/ports/outbox.ts'
import { messages } from '#db/schema/messages.ts'
import { messageOf } from '#core/rules/message-of.ts'
import { readRow } from './read-row.ts'
import type { WorkerDatabase } from './worker-database.ts'

type HeadRow = {
  attempts: number
  quoted_wa_message_id: string | null
  quoted_sender: string
  quoted_body: string | null
}

/**
 * The oldest unfinished message of each chat, if it can leave now. One that waits (for its time, or past its end for the
 * sweep that ends it) holds up its chat: what was accepted later must not overtake it. `heads` steps through the outbox
 * index from chat to chat, so that the cost follows the number of chats and not the length of their queues.
 */
export async function outboxHeads(
  database: WorkerDatabase,
  instanceIds: readonly InstanceId[],
  limit: number,
): Promise<OutboxEntry[]> {
  if (instanceIds.length === 0) return []
  const { rows } = await database.execute<HeadRow>(sql`
    WITH RECURSIVE heads AS (
      SELECT first.*
      FROM unnest(${sql.param(instanceIds)}::text[]) AS asked (instance_id)
      CROSS JOIN LATERAL (
        SELECT id, instance_id, chat
        FROM messages m
        WHERE m.instance_id = asked.instance_id AND m.status IN ('queued', 'sending')
        ORDER BY m.chat, m.seq
        LIMIT 1
      ) first
      UNION ALL
      SELECT next.*
      FROM heads
      CROSS JOIN LATERAL (
        SELECT id, instance_id, chat
        FROM messages m
        WHERE m.instance_id = heads.instance_id AND m.chat > heads.chat AND m.status IN ('queued', 'sending')
        ORDER BY m.chat, m.seq
        LIMIT 1
      ) next
    )
    SELECT m.*, quoted.wa_message_id AS quoted_wa_message_id, quoted.sender AS quoted_sender,
      quoted.content #>> '{text,body}' AS quoted_body
    FROM heads
    JOIN messages m ON m.id = heads.id
    LEFT JOIN messages quoted ON quoted.id = m.context_message_id AND quoted.instance_id = m.instance_id
    WHERE (m.not_before IS NULL OR m.not_before <= clock_timestamp())
      AND (m.expires_at IS NULL OR m.expires_at > clock_timestamp())
    ORDER BY m.seq
    LIMIT ${limit}`)
  return rows.map((row) => ({
    message: messageOf(readRow(messages, row)),
    attempts: row.attempts,
    quoted:
      row.quoted_wa_message_id === null
        ? undefined
        : { waMessageId: row.quoted_wa_message_id, sender: row.quoted_sender, body: row.quoted_body ?? '' },
  }))
}
