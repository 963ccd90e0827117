import { ApiError } from '#contracts/errors.ts'
import type { WebhookView } from '#contracts/http/webhooks.ts'
import { newId, type InstanceId } from '#contracts/ids.ts'
import type { Once } from '#core/ports/idempotency.ts'
import { notFound } from '#core/rules/not-found.ts'
import { presentWebhook } from '#core/rules/present-webhook.ts'
import { newWebhookSecret } from '#core/rules/webhook-secret.ts'
import type { Actor, App } from '#core/verbs/app.ts'
import { checkWebhookUrl } from './check-webhook-url.ts'

export interface CreateWebhookInput {
  url: string
  description?: string | undefined
  events: string[]
  /** Only events of this instance. */
  instanceId?: InstanceId | undefined
  /** Host name under which this service was called. */
  ownHost: string
}

/** Adds an endpoint; this answer alone shows its secret. Throws VALIDATION_ERROR, NOT_FOUND and CONFLICT (too many). */
export async function createWebhook(
  app: Pick<App, 'webhooks' | 'exceptions' | 'servers' | 'gateway'>,
  actor: Actor,
  input: CreateWebhookInput,
  once?: Once,
): Promise<WebhookView & { secret: string }> {
  const urlCheck = await checkWebhookUrl(app, input.url, input.ownHost)
  const secret = newWebhookSecret()
  const webhook = {
    id: newId('webhook'),
    url: input.url,
    urlCheck,
    description: input.description ?? null,
    events: input.events,
    instanceId: input.instanceId ?? null,
    secret,
  }
  const created = await app.webhooks.create(actor.customerId, webhook, once)
  if (created.outcome === 'instance-not-found') throw notFound('instance')
  if (created.outcome === 'limit-reached') {
    throw new ApiError('CONFLICT', `There are ${created.limit} webhook endpoints, which is the most: delete one first.`)
  }
  return { ...presentWebhook(created.webhook), secret }
}
