import type { WebhookView } from '#contracts/http/webhooks.ts'
import type { WebhookId } from '#contracts/ids.ts'
import { found } from '#core/rules/not-found.ts'
import { presentWebhook } from '#core/rules/present-webhook.ts'
import type { Actor, App } from '#core/verbs/app.ts'
import { checkWebhookUrl } from './check-webhook-url.ts'

export interface UpdateWebhookInput {
  id: WebhookId
  change: {
    url?: string | undefined
    description?: string | null | undefined
    events?: string[] | undefined
    status?: 'enabled' | 'disabled' | undefined
  }
  /** Host name under which this service was called. */
  ownHost: string
}

/** Throws VALIDATION_ERROR for an address that must not be called. */
export async function updateWebhook(
  app: Pick<App, 'webhooks' | 'exceptions' | 'servers' | 'gateway'>,
  actor: Actor,
  { id, change, ownHost }: UpdateWebhookInput,
): Promise<WebhookView> {
  const check = change.url === undefined ? {} : { urlCheck: await checkWebhookUrl(app, change.url, ownHost) }
  return presentWebhook(found('webhook', await app.webhooks.update(actor.customerId, id, { ...change, ...check })))
}
