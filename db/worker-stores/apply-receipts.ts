import { sql, type SQL } from 'drizzle-orm'
import type { EventType } from '#contracts/events.ts'
import { selfSender } from '#core/ports/messages.ts'
import type { Receipt } from '#core/ports/outbox.ts'
import type { Fence } from '#core/ports/session-leases.ts'
import { askedUnder, fenceHeld, fenceLocks, heldFences } from './fence-locks.ts'
import { messageFacts, recordFacts } from './record-event.ts'
import type { WorkerDatabase } from './worker-database.ts'

export interface FencedReceipt {
  fence: Fence
  receipt: Receipt
}

/** What a receipt can still change; a message that failed only because nobody confirmed it is confirmed by it. */
const open = {
  delivered: sql`(m.status = 'sent' OR m.failure = 'DELIVERY_UNKNOWN')`,
  read: sql`(m.status IN ('sent', 'delivered') OR m.failure = 'DELIVERY_UNKNOWN')`,
} as const

/**
 * Many receipts, of whichever instances. A receipt can be written before the ack of its message, or stand for an ack that
 * was lost. WhatsApp's server has the message then: it becomes `sent` first, so that customers hear of every step, in
 * order. Usually one statement per status; `delivered` comes first, as it does with WhatsApp. Tells whose fence does
 * not hold; nothing was changed for them.
 */
export async function applyReceipts(
  database: WorkerDatabase,
  receipts: readonly FencedReceipt[],
): Promise<('fenced-out' | 'applied')[]> {
  const outcomes = new Map<FencedReceipt, 'fenced-out' | 'applied'>()
  for (const status of ['delivered', 'read'] as const) {
    const some = receipts.filter(({ receipt }) => receipt.status === status && receipt.waMessageIds.length > 0)
    if (some.length === 0) continue
    const held = await applyAlike(database, some, status)
    for (const one of some) outcomes.set(one, fenceHeld(held, one.fence) ? 'applied' : 'fenced-out')
  }
  return receipts.map((one) => outcomes.get(one) ?? 'applied')
}

async function applyAlike(
  database: WorkerDatabase,
  receipts: readonly FencedReceipt[],
  status: Receipt['status'],
): Promise<readonly string[]> {
  const { held, unsent } = await moveOn(database, receipts, status)
  if (!unsent) return held
  await acknowledge(database, receipts)
  return (await moveOn(database, receipts, status)).held
}

interface Changed {
  held: string[]
  /** Some of the messages wait for their ack. */
  unsent: boolean
}

async function moveOn(
  database: WorkerDatabase,
  receipts: readonly FencedReceipt[],
  status: Receipt['status'],
): Promise<Changed> {
  const values = sql`status = ${status}, failure = NULL,
        sent_at = coalesce(m.sent_at, clock_timestamp()),
        delivered_at = coalesce(m.delivered_at, clock_timestamp()),
        read_at = CASE WHEN ${status} = 'read' THEN clock_timestamp() END`
  return change(database, receipts, { from: open[status], values, event: `message.${status}` })
}

async function acknowledge(database: WorkerDatabase, receipts: readonly FencedReceipt[]): Promise<void> {
  const values = sql`status = 'sent', sent_at = clock_timestamp()`
  await change(database, receipts, { from: sql`m.status = 'sending'`, values, event: 'message.sent' })
}

/** Rows are locked in order of id, so that two statements with the same messages cannot deadlock. */
async function change(
  database: WorkerDatabase,
  receipts: readonly FencedReceipt[],
  { from, values, event }: { from: SQL; values: SQL; event: EventType },
): Promise<Changed> {
  const asked = receipts.flatMap(({ fence, receipt }) => receipt.waMessageIds.map((item) => ({ fence, item })))
  const named = sql`${askedUnder(asked)}
      JOIN fence USING (instance_id, epoch, incarnation)
      JOIN messages m ON m.instance_id = asked.instance_id AND m.wa_message_id = asked.item
        AND m.sender = ${selfSender}`
  const { rows } = await database.execute<{ held: string[]; unsent: boolean }>(sql`
    WITH ${fenceLocks(receipts.map(({ fence }) => fence))},
    named AS MATERIALIZED (
      SELECT m.id FROM ${named} WHERE ${from} ORDER BY m.id FOR NO KEY UPDATE OF m
    ),
    changed AS (
      UPDATE messages m SET ${values}
      FROM named
      WHERE m.id = named.id
      RETURNING m.*
    ),
    ${messageFacts(event, asked.length)},
    ${recordFacts}
    SELECT ${heldFences} AS held, EXISTS (SELECT FROM ${named} WHERE m.status = 'sending') AS unsent`)
  const [row] = rows
  if (row === undefined) throw new Error('The statement of receipts answered nothing.')
  return row
}
