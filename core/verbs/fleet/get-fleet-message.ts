import type { MessageView } from '#contracts/http/message-view.ts'
import type { InstanceId, MessageId } from '#contracts/ids.ts'
import { found, notFound } from '#core/rules/not-found.ts'
import { presentMessage } from '#core/rules/present-message.ts'
import type { AdminApp } from '#core/verbs/admin-app.ts'
import type { App } from '#core/verbs/app.ts'
import { getFleetInstance } from './get-fleet-instance.ts'

/** A message of that instance. Throws NOT_FOUND. */
export async function getFleetMessage(
  app: Pick<App, 'messages'> & Pick<AdminApp, 'fleetInstances'>,
  instanceId: InstanceId,
  id: MessageId,
): Promise<MessageView> {
  const { customerId, phoneNumber } = (await getFleetInstance(app, instanceId)).instance
  const message = found('message', await app.messages.get(customerId, id))
  if (message.instanceId !== instanceId) throw notFound('message')
  return presentMessage(message, phoneNumber)
}
