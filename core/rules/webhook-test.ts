import type { EventData } from '#contracts/events.ts'
import type { WebhookId } from '#contracts/ids.ts'

/** Test events of an endpoint have a lane of their own: they neither wait for a chat nor hold one up. */
export const testLane = 'webhook.test'

/** `data` of the event `webhook.test`. */
export function presentTestEvent(webhookId: WebhookId): EventData<'webhook.test'> {
  return { webhook_id: webhookId, note: 'This is a test that was sent on request.' }
}
