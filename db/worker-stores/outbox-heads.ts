import { sql, type SQL } from 'drizzle-orm'
import type { InstanceId, MessageId } from '#contracts/ids.ts'
import type { OutboxEntry, OutboxHeads, OutboxLook } from '#core/ports/outbox.ts'
import { messages } from '#db/schema/messages.ts'
import { messageOf } from '#core/rules/message-of.ts'
import { readRow } from './read-row.ts'
import type { WorkerDatabase } from './worker-database.ts'

type HeadRow = {
  /** Null in the one row that stands for no head at all. */
  id: MessageId | null
  attempts: number
  quoted_wa_message_id: string | null
  quoted_sender: string
  quoted_body: string | null
  new_chat: boolean
  new_chats_per_minute: number | null
  slowed: boolean
  unfinished: [InstanceId, string][]
}

/**
 * The oldest unfinished message of each chat, if it can leave now. One that waits (for its time, or past its end for the
 * sweep that ends it) holds up its chat: what was accepted later must not overtake it. `steps` goes through the outbox
 * index from chat to chat and stops after so many, so the cost follows neither the length of a queue nor the number of
 * chats: 20,000 messages of one instance cost what a hundred do. OFFSET 0 and LIMIT 1 keep what follows one look-up per head:
 * the planner expects more heads than there are, and would read the whole table instead, three times.
 */
export async function outboxHeads(
  database: WorkerDatabase,
  looks: readonly OutboxLook[],
  { chats, hinted = [], busy = [] }: { chats: number; hinted?: readonly MessageId[]; busy?: readonly MessageId[] },
): Promise<OutboxHeads> {
  if (looks.length === 0) return { entries: [], next: new Map() }
  const instanceIds = unseen(looks.map(({ instanceId }) => instanceId))
  const { rows } = await database.execute<HeadRow>(sql`
    WITH RECURSIVE steps AS (
      SELECT first.*, 1 AS step
      FROM unnest(${instanceIds}, ${unseen(looks.map(({ after }) => after))})
        AS look (instance_id, after)
      CROSS JOIN LATERAL (
        SELECT id, instance_id, chat
        FROM messages m
        WHERE m.instance_id = look.instance_id AND m.chat > look.after AND m.status IN ('queued', 'sending')
        ORDER BY m.chat, m.seq
        LIMIT 1
      ) first
      UNION ALL
      SELECT next.*, steps.step + 1
      FROM steps
      CROSS JOIN LATERAL (
        SELECT id, instance_id, chat
        FROM messages m
        WHERE m.instance_id = steps.instance_id AND m.chat > steps.chat AND m.status IN ('queued', 'sending')
        ORDER BY m.chat, m.seq
        LIMIT 1
      ) next
      WHERE steps.step < ${chats}
    ),
    hinted AS (
      SELECT head.id
      FROM messages h
      CROSS JOIN LATERAL (
        SELECT id
        FROM messages m
        WHERE m.instance_id = h.instance_id AND m.chat = h.chat AND m.status IN ('queued', 'sending')
        ORDER BY m.chat, m.seq
        LIMIT 1
      ) head
      WHERE h.id = ANY (${unseen(hinted)}::text[]) AND h.instance_id = ANY (${instanceIds}::text[])
    ),
    heads AS (
      SELECT m.*, i.new_chats_per_minute, coalesce(i.slowed_until > clock_timestamp(), false) AS slowed,
        coalesce(i.new_chats_held_until > clock_timestamp(), false) AS held,
        m.attempts = 0 AND (
          SELECT true FROM messages e
          WHERE e.instance_id = m.instance_id AND e.chat = m.chat
            AND e.status IN ('sent', 'delivered', 'read', 'received')
          LIMIT 1
        ) IS NULL AS new_chat,
        quoted.wa_message_id AS quoted_wa_message_id, quoted.sender AS quoted_sender,
        quoted.content #>> '{text,body}' AS quoted_body
      FROM (SELECT id FROM steps UNION SELECT id FROM hinted EXCEPT SELECT unnest(${unseen(busy)})) found
      CROSS JOIN LATERAL (SELECT * FROM messages WHERE id = found.id OFFSET 0) m
      JOIN instances i ON i.id = m.instance_id
      LEFT JOIN LATERAL (
        SELECT wa_message_id, sender, content FROM messages
        WHERE id = m.context_message_id AND instance_id = m.instance_id
        OFFSET 0
      ) quoted ON true
      WHERE (m.not_before IS NULL OR m.not_before <= clock_timestamp())
        AND (m.expires_at IS NULL OR m.expires_at > clock_timestamp())
    )
    SELECT heads.*,
      (SELECT coalesce(json_agg(json_build_array(instance_id, chat)), '[]') FROM steps WHERE step = ${chats}) AS unfinished
    FROM (VALUES (1)) AS always
    LEFT JOIN heads ON NOT (heads.held AND heads.new_chat)
    ORDER BY heads.seq`)
  return {
    entries: rows.flatMap((row) => (row.id === null ? [] : [entryOf(row)])),
    next: new Map(rows[0]?.unfinished),
  }
}

/**
 * An array whose length the planner does not see. Otherwise it finds the plan for the arrays of a call cheaper than the one
 * that it could keep, and plans this statement anew at each look, which took longer than running it.
 */
function unseen(values: readonly string[]): SQL {
  return sql`(SELECT ${sql.param(values)}::text[])`
}

function entryOf(row: HeadRow): OutboxEntry {
  return {
    message: messageOf(readRow(messages, row)),
    attempts: row.attempts,
    quoted:
      row.quoted_wa_message_id === null
        ? undefined
        : { waMessageId: row.quoted_wa_message_id, sender: row.quoted_sender, body: row.quoted_body ?? '' },
    newChat: row.new_chat,
    pace: { newChatsPerMinute: row.new_chats_per_minute, slowed: row.slowed },
  }
}
