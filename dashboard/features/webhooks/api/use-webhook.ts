import { useQuery } from '@tanstack/react-query'
import { getCustomerWebhookContract } from '#contracts/http/customer-webhooks.ts'
import type { CustomerId, WebhookId } from '#contracts/ids.ts'
import { call } from '#dashboard/lib/api/call.ts'
import { pollUnlessGone } from '#dashboard/lib/poll.ts'

const pollMs = 10_000

/** Where an endpoint is found: the ids of its address. */
export interface WebhookPlace {
  customer_id: CustomerId
  webhook_id: WebhookId
}

/** An endpoint, which is looked at again while its page is open. */
export function useWebhook(params: WebhookPlace) {
  return useQuery({
    queryKey: ['webhooks', 'one', params],
    queryFn: ({ signal }) => call(getCustomerWebhookContract, { params, signal }),
    select: ({ data }) => data,
    refetchInterval: pollUnlessGone(pollMs),
  })
}
