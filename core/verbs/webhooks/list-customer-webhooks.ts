import type { WebhookView } from '#contracts/http/webhooks.ts'
import type { CustomerId } from '#contracts/ids.ts'
import type { Page } from '#core/ports/instances.ts'
import type { AdminApp } from '#core/verbs/admin-app.ts'
import type { App } from '#core/verbs/app.ts'
import { listWebhooks } from './list-webhooks.ts'
import { requireCustomer } from './require-customer.ts'

/** What the customer sees. Throws NOT_FOUND when there is no such customer. */
export async function listCustomerWebhooks(
  app: Pick<App, 'webhooks'> & Pick<AdminApp, 'customerAccounts'>,
  customerId: CustomerId,
  query: { limit: number; cursor?: string | undefined },
): Promise<Page<WebhookView>> {
  const page = await listWebhooks(app, { customerId }, query)
  if (page.items.length === 0) await requireCustomer(app, customerId)
  return page
}
