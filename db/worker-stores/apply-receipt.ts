import { sql, type SQL } from 'drizzle-orm'
import type { EventType } from '#contracts/events.ts'
import { selfSender } from '#core/ports/messages.ts'
import type { Receipt } from '#core/ports/outbox.ts'
import { FencedOut, type Fence } from '#core/ports/session-leases.ts'
import { fenceLock } from './fence-lock.ts'
import { messageFacts, recordFacts } from './record-event.ts'
import type { WorkerDatabase } from './worker-database.ts'

/** What a receipt can still change; a message that failed only because nobody confirmed it is confirmed by it. */
const open = {
  delivered: sql`(status = 'sent' OR failure = 'DELIVERY_UNKNOWN')`,
  read: sql`(status IN ('sent', 'delivered') OR failure = 'DELIVERY_UNKNOWN')`,
} as const

/**
 * A receipt can be written before the ack of its message, or stand for an ack that was lost. WhatsApp's server has the
 * message then: it becomes `sent` first, so that customers hear of every step, in order. Usually one statement.
 */
export async function applyReceipt(database: WorkerDatabase, fence: Fence, receipt: Receipt): Promise<void> {
  if (receipt.waMessageIds.length === 0) return
  const { unsent } = await moveOn(database, fence, receipt)
  if (!unsent) return
  await acknowledge(database, fence, receipt)
  await moveOn(database, fence, receipt)
}

async function moveOn(
  database: WorkerDatabase,
  fence: Fence,
  { waMessageIds, status }: Receipt,
): Promise<{ unsent: boolean }> {
  const values = sql`status = ${status}, failure = NULL,
        sent_at = coalesce(m.sent_at, clock_timestamp()),
        delivered_at = coalesce(m.delivered_at, clock_timestamp()),
        read_at = CASE WHEN ${status} = 'read' THEN clock_timestamp() END`
  return change(database, fence, waMessageIds, { from: open[status], values, event: `message.${status}` })
}

async function acknowledge(database: WorkerDatabase, fence: Fence, { waMessageIds }: Receipt): Promise<void> {
  const values = sql`status = 'sent', sent_at = clock_timestamp()`
  await change(database, fence, waMessageIds, { from: sql`status = 'sending'`, values, event: 'message.sent' })
}

/** Rows are locked in order of id, so that two receipts with the same messages cannot deadlock. */
async function change(
  database: WorkerDatabase,
  fence: Fence,
  waMessageIds: readonly string[],
  { from, values, event }: { from: SQL; values: SQL; event: EventType },
): Promise<{ unsent: boolean }> {
  const named = sql`instance_id = ${fence.instanceId} AND wa_message_id = ANY (${sql.param(waMessageIds)}::text[])
        AND sender = ${selfSender}`
  const { rows } = await database.execute<{ fence_holds: boolean; unsent: boolean }>(sql`
    WITH ${fenceLock(fence)},
    named AS MATERIALIZED (
      SELECT id
      FROM messages
      WHERE ${named} AND ${from} AND EXISTS (SELECT FROM fence)
      ORDER BY id
      LIMIT ${waMessageIds.length}
      FOR NO KEY UPDATE
    ),
    changed AS (
      UPDATE messages m SET ${values}
      FROM named
      WHERE m.id = named.id
      RETURNING m.*
    ),
    ${messageFacts(event, waMessageIds.length)},
    ${recordFacts}
    SELECT EXISTS (SELECT FROM fence) AS fence_holds,
      EXISTS (SELECT FROM messages WHERE ${named} AND status = 'sending') AS unsent`)
  const [row] = rows
  if (row?.fence_holds !== true) throw new FencedOut(fence)
  return row
}
