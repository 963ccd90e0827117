import { replayCustomerDeliveriesContract } from '#contracts/http/customer-webhooks.ts'
import type { EventId } from '#contracts/ids.ts'
import { call } from '#dashboard/lib/api/call.ts'
import { useRefreshing } from '#dashboard/lib/use-refreshing.ts'
import type { WebhookPlace } from './use-webhook.ts'

/** Makes deliveries due again. What is shown of them is loaded anew afterwards, also after a refusal. */
export function useReplay(params: WebhookPlace) {
  const refreshing = useRefreshing('webhooks')
  return {
    one: refreshing((event_id: EventId) => call(replayCustomerDeliveriesContract, { params, body: { event_id } })),
    /** As many as one call takes; its answer tells where to go on. */
    next: refreshing((range: { from: string; to: string }, signal: AbortSignal) =>
      call(replayCustomerDeliveriesContract, { params, body: range, signal }),
    ),
  }
}
