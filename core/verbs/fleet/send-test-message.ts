import { ApiError } from '#contracts/errors.ts'
import type { MessageView } from '#contracts/http/message-view.ts'
import { newId, type InstanceId } from '#contracts/ids.ts'
import { messageExpiry } from '#core/rules/message-expiry.ts'
import { found, notFound } from '#core/rules/not-found.ts'
import { presentMessage } from '#core/rules/present-message.ts'
import { newWaMessageId } from '#core/rules/wa-message-id.ts'
import type { AdminActor, AdminApp } from '#core/verbs/admin-app.ts'
import type { App } from '#core/verbs/app.ts'
import { auditOf } from '#core/verbs/audit/audit-entry.ts'
import { hintOutbox } from '#core/verbs/messages/hint-outbox.ts'
import { quotaExceeded } from '#core/verbs/messages/send-message.ts'
import { getFleetInstance } from './get-fleet-instance.ts'

/**
 * Sends a text from a customer's instance, for an admin who wants to see whether it works. It counts as any other of that
 * customer. Throws NOT_FOUND, CONFLICT when the customer is suspended, INSTANCE_NOT_CONNECTED and QUOTA_EXCEEDED.
 */
export async function sendTestMessage(
  app: Pick<App, 'messages' | 'instances' | 'gateway' | 'clock' | 'background' | 'sharedHints'> &
    Pick<AdminApp, 'fleetInstances'>,
  actor: AdminActor,
  { instanceId, to, text }: { instanceId: InstanceId; to: string; text: string },
): Promise<MessageView> {
  const { customerId } = (await getFleetInstance(app, instanceId)).instance
  const id = newId('message')
  const told = { action: 'instance.test_message', target: instanceId, customerId, details: { message_id: id } }
  const inserted = await app.messages.insertForAdmin(customerId, auditOf(actor, told), {
    id,
    instanceId,
    chat: to,
    waMessageId: newWaMessageId(),
    content: { type: 'text', text: { body: text } },
    contextMessageId: null,
    idempotencyKey: null,
    requestHash: new Uint8Array(),
    expiry: messageExpiry(undefined, app.clock.now()),
    requireConnected: true,
    calledFrom: null,
  })
  if (inserted.outcome === 'quota-exceeded') throw quotaExceeded(app.clock.now())
  const { key, instance, message } = inserted.acceptance
  if (found('customer', key).customerStatus === 'suspended') {
    throw new ApiError('CONFLICT', 'The customer is suspended: its instances send nothing.')
  }
  if (instance === undefined) throw notFound('instance')
  if (message === undefined) {
    throw new ApiError('INSTANCE_NOT_CONNECTED', 'The instance is not connected to WhatsApp now.')
  }
  hintOutbox(app, { customerId }, instance.route, id)
  return presentMessage(message.message, instance.phoneNumber)
}
