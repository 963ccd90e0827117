import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { listCustomerDeliveriesContract } from '#contracts/http/customer-webhooks.ts'
import { call } from '#dashboard/lib/api/call.ts'
import { pollUnlessGone } from '#dashboard/lib/poll.ts'
import type { WebhookSearch } from '#dashboard/features/webhooks/webhook-search.ts'
import type { WebhookPlace } from './use-webhook.ts'

const pollMs = 5_000

/** Deliveries, newest first, as many pages as were asked for. Only the first is looked at again by itself. */
export function useDeliveries(params: WebhookPlace, search: WebhookSearch) {
  return useInfiniteQuery({
    queryKey: ['webhooks', 'deliveries', params, search],
    queryFn: ({ signal, pageParam: cursor }) =>
      call(listCustomerDeliveriesContract, { params, query: { ...search, cursor, limit: 25 }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ meta }) => meta.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: (query) => (query.state.data?.pages.length === 1 ? pollUnlessGone(pollMs)(query) : false),
  })
}
