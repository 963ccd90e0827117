import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { listCustomersContract } from '#contracts/http/customers.ts'
import { call } from '#dashboard/lib/api/call.ts'
import { pollUnlessGone } from '#dashboard/lib/poll.ts'
import type { CustomersSearch } from '#dashboard/features/customers/customers-search.ts'

const pollMs = 30_000

/** One page of the customers; the page before stays until the next one is there. */
export function useCustomers(query: CustomersSearch) {
  return useQuery({
    queryKey: ['customers', 'list', query],
    queryFn: ({ signal }) => call(listCustomersContract, { query, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: pollUnlessGone(pollMs),
  })
}
