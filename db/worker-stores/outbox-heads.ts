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
 * sweep that ends it) holds up its chat: what was accepted later must not overtake it.
 */
export async function outboxHeads(
  database: WorkerDatabase,
  instanceIds: readonly InstanceId[],
  limit: number,
): Promise<OutboxEntry[]> {
  if (instanceIds.length === 0) return []
  const { rows } = await database.execute<HeadRow>(sql`
    SELECT head.*, quoted.wa_message_id AS quoted_wa_message_id, quoted.sender AS quoted_sender,
      quoted.content #>> '{text,body}' AS quoted_body
    FROM (
      SELECT DISTINCT ON (instance_id, chat) *
      FROM messages
      WHERE instance_id = ANY (${sql.param(instanceIds)}::text[]) AND status IN ('queued', 'sending')
      ORDER BY instance_id, chat, seq
    ) head
    LEFT JOIN messages quoted ON quoted.id = head.context_message_id AND quoted.instance_id = head.instance_id
    WHERE (head.not_before IS NULL OR head.not_before <= clock_timestamp())
      AND (head.expires_at IS NULL OR head.expires_at > clock_timestamp())
    ORDER BY head.seq
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
