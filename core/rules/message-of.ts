import type { Message } from '#core/ports/messages.ts'

/** The message in a stored row, which knows more than ports tell. */
export function messageOf(row: Message): Message {
  return {
    id: row.id,
    customerId: row.customerId,
    instanceId: row.instanceId,
    direction: row.direction,
    chat: row.chat,
    sender: row.sender,
    waMessageId: row.waMessageId,
    content: row.content,
    contextMessageId: row.contextMessageId,
    status: row.status,
    failure: row.failure,
    createdAt: row.createdAt,
    sentAt: row.sentAt,
    deliveredAt: row.deliveredAt,
    readAt: row.readAt,
    expiresAt: row.expiresAt,
  }
}
