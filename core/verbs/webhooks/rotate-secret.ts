import type { WebhookView } from '#contracts/http/webhooks.ts'
import type { WebhookId } from '#contracts/ids.ts'
import type { Once } from '#core/ports/idempotency.ts'
import { found } from '#core/rules/not-found.ts'
import { presentWebhook } from '#core/rules/present-webhook.ts'
import { newWebhookSecret } from '#core/rules/webhook-secret.ts'
import type { Actor, App } from '#core/verbs/app.ts'

/** Gives an endpoint a new secret, shown by this answer alone. For a day the one before signs too. */
export async function rotateSecret(
  app: Pick<App, 'webhooks'>,
  actor: Actor,
  id: WebhookId,
  once?: Once,
): Promise<WebhookView & { secret: string; previous_secret_until: string }> {
  const secret = newWebhookSecret()
  const rotated = found('webhook', await app.webhooks.rotateSecret(actor.customerId, id, secret, once))
  return {
    ...presentWebhook(rotated.webhook),
    secret,
    previous_secret_until: rotated.previousSecretUntil.toISOString(),
  }
}
