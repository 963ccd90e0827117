import type { Body } from '#contracts/http/contract.ts'
import type { replayDeliveriesContract } from '#contracts/http/webhooks.ts'
import type { WebhookId } from '#contracts/ids.ts'
import type { ReplayInput } from '#core/verbs/webhooks/replay-deliveries.ts'

export function replayInputOf(
  id: WebhookId,
  { event_id: eventId, from, to }: Body<typeof replayDeliveriesContract>,
): ReplayInput {
  const moment = (text: string | undefined) => (text === undefined ? undefined : new Date(text))
  return { id, eventId, from: moment(from), to: moment(to) }
}
