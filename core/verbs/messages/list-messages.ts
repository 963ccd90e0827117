import type { MessageView } from '#contracts/http/message-view.ts'
import type { InstanceId } from '#contracts/ids.ts'
import type { MessageStatus } from '#contracts/message-status.ts'
import type { Page } from '#core/ports/instances.ts'
import { found } from '#core/rules/not-found.ts'
import { presentMessage } from '#core/rules/present-message.ts'
import type { App, Owner } from '#core/verbs/app.ts'

export interface ListMessagesInput {
  instanceId: InstanceId
  limit: number
  cursor?: string | undefined
  direction?: 'outbound' | 'inbound' | undefined
  status?: MessageStatus | undefined
  /** E.164, or WhatsApp's address where the number is not known. */
  chat?: string | undefined
}

/** Newest first. */
export async function listMessages(
  app: Pick<App, 'messages' | 'instances'>,
  actor: Owner,
  { instanceId, ...query }: ListMessagesInput,
): Promise<Page<MessageView>> {
  const [messages, instance] = await Promise.all([
    app.messages.list(actor.customerId, instanceId, query),
    app.instances.get(actor.customerId, instanceId),
  ])
  const page = found('instance', messages)
  return { ...page, items: page.items.map((message) => presentMessage(message, instance?.phoneNumber ?? null)) }
}
