import { sql } from 'drizzle-orm'
import type { MessageId } from '#contracts/ids.ts'
import type { Message } from '#core/ports/messages.ts'
import type { Fence } from '#core/ports/session-leases.ts'
import { messageOf } from '#core/rules/message-of.ts'
import { messages } from '#db/schema/messages.ts'
import { askedUnder, fenceHeld, fenceLocks, heldFences } from './fence-locks.ts'
import { readRow } from './read-row.ts'
import { messageFacts, recordFacts } from './record-event.ts'
import type { WorkerDatabase } from './worker-database.ts'

export interface Ack {
  fence: Fence
  id: MessageId
}

type AckRow = { held: string[]; id: MessageId | null }

/**
 * Many acks, of whichever instances, with their events and deliveries in one statement. Each stands for itself: one whose
 * fence does not hold, or whose message is final, changes nothing for the others. Rows are locked in order of id.
 */
export async function markSent(
  database: WorkerDatabase,
  acks: readonly Ack[],
): Promise<('fenced-out' | Message | undefined)[]> {
  const { rows } = await database.execute<AckRow>(sql`
    WITH ${fenceLocks(acks.map(({ fence }) => fence))},
    named AS MATERIALIZED (
      SELECT m.id
      FROM ${askedUnder(acks.map(({ fence, id }) => ({ fence, item: id })))}
      JOIN fence USING (instance_id, epoch, incarnation)
      JOIN messages m ON m.id = asked.item AND m.instance_id = asked.instance_id
      WHERE m.status IN ('queued', 'sending')
      ORDER BY m.id
      FOR NO KEY UPDATE OF m
    ),
    changed AS (
      UPDATE messages m SET status = 'sent', sent_at = clock_timestamp()
      FROM named
      WHERE m.id = named.id
      RETURNING m.*
    ),
    ${messageFacts('message.sent', acks.length)},
    ${recordFacts}
    SELECT ${heldFences} AS held, changed.*
    FROM (VALUES (1)) AS always LEFT JOIN changed ON true`)
  const held = rows[0]?.held ?? []
  const sent = new Map(rows.flatMap((row) => (row.id === null ? [] : [[row.id, messageOf(readRow(messages, row))]])))
  return acks.map(({ fence, id }) => {
    if (!fenceHeld(held, fence)) return 'fenced-out'
    const message = sent.get(id)
    // Asked for twice, it is told once.
    sent.delete(id)
    return message
  })
}
