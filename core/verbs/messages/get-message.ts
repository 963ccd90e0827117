import type { MessageView } from '#contracts/http/message-view.ts'
import type { MessageId } from '#contracts/ids.ts'
import { found } from '#core/rules/not-found.ts'
import { presentMessage } from '#core/rules/present-message.ts'
import type { Actor, App } from '#core/verbs/app.ts'

export async function getMessage(
  app: Pick<App, 'messages' | 'instances'>,
  actor: Actor,
  id: MessageId,
): Promise<MessageView> {
  const message = found('message', await app.messages.get(actor.customerId, id))
  const instance = await app.instances.get(actor.customerId, message.instanceId)
  return presentMessage(message, instance?.phoneNumber ?? null)
}
