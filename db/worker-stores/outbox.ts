import { and, eq, sql, type SQL } from 'drizzle-orm'
import type { EventType } from '#contracts/events.ts'
import type { MessageId } from '#contracts/ids.ts'
import { selfSender, type Message } from '#core/ports/messages.ts'
import type { Outbox } from '#core/ports/outbox.ts'
import { FencedOut, type Fence } from '#core/ports/session-leases.ts'
import { guardStore } from '#db/errors/guard-store.ts'
import { messages } from '#db/schema/messages.ts'
import { applyReceipts, type FencedReceipt } from './apply-receipts.ts'
import { expireDue } from './expire-due.ts'
import { fenceLock } from './fence-lock.ts'
import { limitSending } from './limit-sending.ts'
import { gather } from './gather.ts'
import { markSent, type Ack } from './mark-sent.ts'
import { messageOf } from '#core/rules/message-of.ts'
import { outboxHeads } from './outbox-heads.ts'
import { readRow } from './read-row.ts'
import { messageFacts, recordFacts } from './record-event.ts'
import { storableText } from './storable.ts'
import type { WorkerDatabase } from './worker-database.ts'

/** Acks or receipts in one statement. */
const mostTogether = 100

export function createOutbox(database: WorkerDatabase): Outbox {
  async function findOne(condition: SQL | undefined): Promise<Message | undefined> {
    const [row] = await database.select().from(messages).where(condition).limit(1)
    return row && messageOf(row)
  }

  const sent = gather(mostTogether, (acks: readonly Ack[]) => markSent(database, acks))
  const received = gather(mostTogether, (receipts: readonly FencedReceipt[]) => applyReceipts(database, receipts))

  return guardStore<Outbox>({
    heads: (looks, options) => outboxHeads(database, looks, options),

    get: (instanceId, id) => findOne(and(eq(messages.instanceId, instanceId), eq(messages.id, id))),

    findByWaMessageId: (instanceId, waMessageId) =>
      findOne(
        and(
          eq(messages.instanceId, instanceId),
          eq(messages.waMessageId, storableText(waMessageId)),
          eq(messages.sender, selfSender),
        ),
      ),

    async markSent(fence, id) {
      const message = await sent({ fence, id })
      if (message === 'fenced-out') throw new FencedOut(fence)
      return message
    },

    markFailed: (fence, id, failure) =>
      finish(database, fence, id, sql`status = 'failed', failure = ${failure}`, 'message.failed'),

    limitSending: (fence, reason) => limitSending(database, fence, reason),
    async applyReceipt(fence, { waMessageIds, status }) {
      if (waMessageIds.length === 0) return
      // Contacts write the ids, and one statement carries the receipts of many sessions.
      const receipt = { waMessageIds: waMessageIds.map(storableText), status }
      if ((await received({ fence, receipt })) === 'fenced-out') throw new FencedOut(fence)
    },
    expireDueAcrossCustomers: (limit) => expireDue(database, limit),
  })
}

/** Ends an unfinished message with its event and deliveries: one statement. */
async function finish(
  database: WorkerDatabase,
  fence: Fence,
  id: MessageId,
  values: SQL,
  event: EventType,
): Promise<Message | undefined> {
  const { rows } = await database.execute<{ fence_holds: boolean; id: MessageId | null }>(sql`
    WITH ${fenceLock(fence)},
    changed AS (
      UPDATE messages SET ${values}
      WHERE id = ${id} AND instance_id = ${fence.instanceId} AND status IN ('queued', 'sending')
        AND EXISTS (SELECT FROM fence)
      RETURNING *
    ),
    ${messageFacts(event, 1)},
    ${recordFacts}
    SELECT EXISTS (SELECT FROM fence) AS fence_holds, changed.*
    FROM (VALUES (1)) AS always LEFT JOIN changed ON true`)
  const [row] = rows
  if (row?.fence_holds !== true) throw new FencedOut(fence)
  return row.id === null ? undefined : messageOf(readRow(messages, row))
}
