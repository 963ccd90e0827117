import { messages } from '#db/schema/messages.ts'

/** Selects a Message from `messages`. */
export const messageColumns = {
  id: messages.id,
  customerId: messages.customerId,
  instanceId: messages.instanceId,
  direction: messages.direction,
  chat: messages.chat,
  sender: messages.sender,
  waMessageId: messages.waMessageId,
  content: messages.content,
  contextMessageId: messages.contextMessageId,
  status: messages.status,
  failure: messages.failure,
  createdAt: messages.createdAt,
  sentAt: messages.sentAt,
  deliveredAt: messages.deliveredAt,
  readAt: messages.readAt,
  expiresAt: messages.expiresAt,
}
