import type { MessageView } from '#contracts/http/message-view.ts'
import type { InboundContent } from '#contracts/message-content.ts'
import { messageFailures } from '#contracts/message-status.ts'
import { selfSender, type Message } from '#core/ports/messages.ts'

/**
 * A message as customers see it. `ownNumber` is the instance's E.164 number, null before it was paired; it stands for
 * `self` in `from` and `to`.
 */
export function presentMessage(message: Message, ownNumber: string | null): MessageView {
  const fromSelf = message.sender === selfSender
  return {
    id: message.id,
    instance_id: message.instanceId,
    direction: message.direction,
    from: fromSelf ? ownNumber : message.sender,
    to: fromSelf ? message.chat : ownNumber,
    chat: message.chat,
    status: message.status,
    error: message.failure === null ? null : { code: message.failure, message: messageFailures[message.failure] },
    wa_message_id: message.waMessageId,
    context: message.contextMessageId === null ? null : { message_id: message.contextMessageId },
    created_at: message.createdAt.toISOString(),
    sent_at: message.sentAt?.toISOString() ?? null,
    delivered_at: message.deliveredAt?.toISOString() ?? null,
    read_at: message.readAt?.toISOString() ?? null,
    expires_at: message.expiresAt?.toISOString() ?? null,
    ...(message.content as InboundContent),
  }
}
