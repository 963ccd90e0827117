import { eq } from 'drizzle-orm'
import type { NodePgDatabase } from 'drizzle-orm/node-postgres'
import { newId, type InstanceId } from '#contracts/ids.ts'
import type { SendRequest } from '#core/ports/driver.ts'
import { newWaMessageId } from '#core/rules/wa-message-id.ts'
import { instances } from '#db/schema/instances.ts'
import { messages } from '#db/schema/messages.ts'

export type MessageDatabase = NodePgDatabase

/** Accepted messages as the edge leaves them, so that the driver's commits find the rows that they mark as `sending`. */
export async function queueMessages(
  database: MessageDatabase,
  instanceId: InstanceId,
  to: readonly string[],
): Promise<SendRequest[]> {
  const [owner] = await database
    .select({ customerId: instances.customerId })
    .from(instances)
    .where(eq(instances.id, instanceId))
  if (owner === undefined) throw new Error(`There is no instance ${instanceId}.`)
  const requests = to.map((number): SendRequest => ({
    messageId: newId('message'),
    waMessageId: newWaMessageId(),
    to: number,
    content: { type: 'text', text: { body: 'Hello' } },
    quoted: undefined,
  }))
  await database.insert(messages).values(
    requests.map(({ messageId, waMessageId, to: chat, content }) => ({
      id: messageId,
      customerId: owner.customerId,
      instanceId,
      direction: 'outbound' as const,
      chat,
      sender: 'self',
      waMessageId,
      type: content.type,
      content,
      status: 'queued' as const,
    })),
  )
  return requests
}
