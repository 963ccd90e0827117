import { useQuery } from '@tanstack/react-query'
import { listCustomerWebhooksContract } from '#contracts/http/customer-webhooks.ts'
import type { CustomerId } from '#contracts/ids.ts'
import { call } from '#dashboard/lib/api/call.ts'
import { pollUnlessGone } from '#dashboard/lib/poll.ts'

const pollMs = 30_000

/** All endpoints of a customer: it can have fewer than fit one page. */
export function useWebhooks(customerId: CustomerId) {
  return useQuery({
    queryKey: ['webhooks', 'list', customerId],
    queryFn: ({ signal }) =>
      call(listCustomerWebhooksContract, { params: { customer_id: customerId }, query: { limit: 100 }, signal }),
    select: ({ data }) => data,
    refetchInterval: pollUnlessGone(pollMs),
  })
}
