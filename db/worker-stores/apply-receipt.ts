import { sql } from 'drizzle-orm'
import { selfSender } from '#core/ports/messages.ts'
import type { Receipt } from '#core/ports/outbox.ts'
import { FencedOut, type Fence } from '#core/ports/session-leases.ts'
import { fenceLock } from './fence-lock.ts'
import { messageFacts, recordFacts } from './record-event.ts'
import type { WorkerDatabase } from './worker-database.ts'

/** What a receipt can still change; a message that failed only because nobody confirmed it is confirmed by it. */
const open = {
  delivered: sql`(status IN ('sending', 'sent') OR failure = 'DELIVERY_UNKNOWN')`,
  read: sql`(status IN ('sending', 'sent', 'delivered') OR failure = 'DELIVERY_UNKNOWN')`,
} as const

/** Rows are locked in order of id, so that two receipts with the same messages cannot deadlock. */
export async function applyReceipt(
  database: WorkerDatabase,
  fence: Fence,
  { waMessageIds, status }: Receipt,
): Promise<void> {
  if (waMessageIds.length === 0) return
  const { rows } = await database.execute<{ fence_holds: boolean }>(sql`
    WITH ${fenceLock(fence)},
    named AS MATERIALIZED (
      SELECT id
      FROM messages
      WHERE instance_id = ${fence.instanceId} AND wa_message_id = ANY (${sql.param(waMessageIds)}::text[])
        AND sender = ${selfSender} AND ${open[status]} AND EXISTS (SELECT FROM fence)
      ORDER BY id
      LIMIT ${waMessageIds.length}
      FOR NO KEY UPDATE
    ),
    changed AS (
      UPDATE messages m
      SET status = ${status}, failure = NULL,
        sent_at = coalesce(m.sent_at, clock_timestamp()),
        delivered_at = coalesce(m.delivered_at, clock_timestamp()),
        read_at = CASE WHEN ${status} = 'read' THEN clock_timestamp() END
      FROM named
      WHERE m.id = named.id
      RETURNING m.*
    ),
    ${messageFacts(`message.${status}`, waMessageIds.length)},
    ${recordFacts}
    SELECT EXISTS (SELECT FROM fence) AS fence_holds`)
  if (rows[0]?.fence_holds !== true) throw new FencedOut(fence)
}
