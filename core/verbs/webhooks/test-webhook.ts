import { ApiError } from '#contracts/errors.ts'
import { newId, type EventId, type WebhookId } from '#contracts/ids.ts'
import type { Once } from '#core/ports/idempotency.ts'
import { notFound } from '#core/rules/not-found.ts'
import type { Actor, App } from '#core/verbs/app.ts'

/** Queues a `webhook.test` event for this endpoint alone. Throws CONFLICT when the endpoint is disabled. */
export async function testWebhook(
  app: Pick<App, 'webhooks'>,
  actor: Actor,
  id: WebhookId,
  once?: Once,
): Promise<{ event_id: EventId }> {
  const eventId = newId('event')
  const outcome = await app.webhooks.sendTest(actor.customerId, id, eventId, once)
  if (outcome === 'not-found') throw notFound('webhook')
  if (outcome === 'disabled') throw new ApiError('CONFLICT', 'The endpoint is disabled: enable it first.')
  return { event_id: eventId }
}
