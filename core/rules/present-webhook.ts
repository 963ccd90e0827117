import type { WebhookView } from '#contracts/http/webhooks.ts'
import type { WebhookEndpoint } from '#core/ports/webhooks.ts'

/** A webhook endpoint as customers see it: without its secret. */
export function presentWebhook(webhook: WebhookEndpoint): WebhookView {
  return {
    id: webhook.id,
    url: webhook.url,
    description: webhook.description,
    events: webhook.events,
    instance_id: webhook.instanceId,
    status: webhook.status,
    disabled_reason: webhook.disabledReason,
    failing_since: webhook.failingSince?.toISOString() ?? null,
    url_check: webhook.urlCheck,
    created_at: webhook.createdAt.toISOString(),
  }
}
