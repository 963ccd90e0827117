import { and, eq, sql } from 'drizzle-orm'
import type { CustomerId, MessageId } from '#contracts/ids.ts'
import type { Message } from '#core/ports/messages.ts'
import type { EdgeDatabase } from '#db/clients/neon-http.ts'
import { messages } from '#db/schema/messages.ts'
import { messageFacts, recordFacts } from '#db/worker-stores/record-event.ts'
import { messageColumns } from './message-columns.ts'

/**
 * One transaction. No fence: it is conditional on the row's own state, so a worker that is just making it `sending` either
 * comes first, and nothing is cancelled, or finds it ended.
 */
export async function cancelMessage(
  db: EdgeDatabase,
  customerId: CustomerId,
  id: MessageId,
): Promise<Message | undefined> {
  const [, [message]] = await db.batch([
    db.execute(sql`
      WITH changed AS (
        UPDATE messages SET status = 'cancelled'
        WHERE id = ${id} AND customer_id = ${customerId} AND status = 'queued'
        RETURNING *
      ),
      ${messageFacts('message.failed', 1)},
      ${recordFacts}
      SELECT FROM changed`),
    db
      .select(messageColumns)
      .from(messages)
      .where(and(eq(messages.id, id), eq(messages.customerId, customerId))),
  ])
  return message
}
