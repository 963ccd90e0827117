import type { WebhookView } from '#contracts/http/webhooks.ts'
import type { WebhookId } from '#contracts/ids.ts'
import { found } from '#core/rules/not-found.ts'
import { presentWebhook } from '#core/rules/present-webhook.ts'
import type { App, Owner } from '#core/verbs/app.ts'

export async function getWebhook(app: Pick<App, 'webhooks'>, actor: Owner, id: WebhookId): Promise<WebhookView> {
  return presentWebhook(found('webhook', await app.webhooks.get(actor.customerId, id)))
}
