import type { WebhookId } from '#contracts/ids.ts'
import { notFound } from '#core/rules/not-found.ts'
import type { Actor, App } from '#core/verbs/app.ts'

export async function deleteWebhook(app: Pick<App, 'webhooks'>, actor: Actor, id: WebhookId): Promise<void> {
  if (!(await app.webhooks.remove(actor.customerId, id))) throw notFound('webhook')
}
