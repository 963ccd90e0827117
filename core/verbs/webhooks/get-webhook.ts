import type { WebhookView } from '#contracts/http/webhooks.ts'
import type { WebhookId } from '#contracts/ids.ts'
import { found } from '#core/rules/not-found.ts'
import { presentWebhook } from '#core/rules/present-webhook.ts'
import type { Actor, App } from '#core/verbs/app.ts'

export async function getWebhook(app: Pick<App, 'webhooks'>, actor: Actor, id: WebhookId): Promise<WebhookView> {
  return presentWebhook(found('webhook', await app.webhooks.get(actor.customerId, id)))
}
