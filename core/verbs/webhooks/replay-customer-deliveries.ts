import type { CustomerId } from '#contracts/ids.ts'
import type { AdminActor, AdminApp } from '#core/verbs/admin-app.ts'
import type { App } from '#core/verbs/app.ts'
import { auditOf } from '#core/verbs/audit/audit-entry.ts'
import { getWebhook } from './get-webhook.ts'
import { replayDeliveries, type ReplayInput } from './replay-deliveries.ts'
import { requireCustomer } from './require-customer.ts'

/**
 * What a customer can do with its deliveries, done by an admin. It is in the audit log before anything is due again. Throws
 * what `replayDeliveries` throws.
 */
export async function replayCustomerDeliveries(
  app: Pick<App, 'webhooks' | 'webhookDeliveries' | 'clock'> & Pick<AdminApp, 'auditLog' | 'customerAccounts'>,
  actor: AdminActor,
  customerId: CustomerId,
  input: ReplayInput,
): ReturnType<typeof replayDeliveries> {
  const { id, eventId, from, to } = input
  await requireCustomer(app, customerId)
  await getWebhook(app, { customerId }, id)
  const what = eventId === undefined ? { from: from?.toISOString(), to: to?.toISOString() } : { event_id: eventId }
  // What is not told is no part of the entry.
  const details = Object.fromEntries(Object.entries(what).filter(([, value]) => value !== undefined))
  await app.auditLog.append(auditOf(actor, { action: 'webhook.replay', target: id, customerId, details }))
  return replayDeliveries(app, { customerId }, input)
}
