import type { WebhookView } from '#contracts/http/webhooks.ts'
import type { Page } from '#core/ports/instances.ts'
import { presentWebhook } from '#core/rules/present-webhook.ts'
import type { App, Owner } from '#core/verbs/app.ts'

/** Newest first. */
export async function listWebhooks(
  app: Pick<App, 'webhooks'>,
  actor: Owner,
  input: { limit: number; cursor?: string | undefined },
): Promise<Page<WebhookView>> {
  const page = await app.webhooks.list(actor.customerId, input)
  return { ...page, items: page.items.map(presentWebhook) }
}
