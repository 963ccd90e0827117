import { ApiError } from '#contracts/errors.ts'
import type { MessageView } from '#contracts/http/message-view.ts'
import type { MessageId } from '#contracts/ids.ts'
import { found } from '#core/rules/not-found.ts'
import { presentMessage } from '#core/rules/present-message.ts'
import type { Actor, App } from '#core/verbs/app.ts'

/** Takes back a message that is still queued; one that is cancelled already is as good. Throws NOT_FOUND and CONFLICT. */
export async function cancelMessage(
  app: Pick<App, 'messages' | 'instances'>,
  actor: Actor,
  id: MessageId,
): Promise<MessageView> {
  const message = found('message', await app.messages.cancel(actor.customerId, id))
  if (message.status !== 'cancelled') {
    throw new ApiError('CONFLICT', `Only a queued message can be cancelled; this one is ${message.status}.`)
  }
  const instance = await app.instances.get(actor.customerId, message.instanceId)
  return presentMessage(message, instance?.phoneNumber ?? null)
}
