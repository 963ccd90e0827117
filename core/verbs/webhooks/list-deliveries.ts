import type { DeliveryView } from '#contracts/http/webhooks.ts'
import type { WebhookId } from '#contracts/ids.ts'
import type { Page } from '#core/ports/instances.ts'
import type { DeliveryQuery } from '#core/ports/webhook-deliveries.ts'
import { found } from '#core/rules/not-found.ts'
import { presentDelivery } from '#core/rules/present-delivery.ts'
import type { App, Owner } from '#core/verbs/app.ts'

/** Newest first, each with its last attempts. */
export async function listDeliveries(
  app: Pick<App, 'webhookDeliveries'>,
  actor: Owner,
  { id, ...query }: DeliveryQuery & { id: WebhookId },
): Promise<Page<DeliveryView>> {
  const page = found('webhook', await app.webhookDeliveries.list(actor.customerId, id, query))
  return { ...page, items: page.items.map(presentDelivery) }
}
