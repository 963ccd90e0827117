import type { EventData } from '#contracts/events.ts'
import type { WebhookEndpoint } from '#core/ports/webhooks.ts'

/** What tells of a disabled endpoint has a lane of its own at the others: it neither waits for a chat nor holds one up. */
export const disabledLane = 'webhook.disabled'

/** `data` of the event `webhook.disabled`. */
export function presentDisabled(
  { id, failingSince }: Pick<WebhookEndpoint, 'id' | 'failingSince'>,
  reason: EventData<'webhook.disabled'>['reason'],
): EventData<'webhook.disabled'> {
  return { webhook_id: id, reason, failing_since: failingSince?.toISOString() ?? null }
}
