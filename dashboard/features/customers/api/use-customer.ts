import { useQuery } from '@tanstack/react-query'
import { getCustomerContract } from '#contracts/http/customers.ts'
import type { CustomerId } from '#contracts/ids.ts'
import { call } from '#dashboard/lib/api/call.ts'
import { pollUnlessGone } from '#dashboard/lib/poll.ts'

const pollMs = 10_000

/** A customer with usage, keys and instances, which is looked at again while the page is open. */
export function useCustomer(customerId: CustomerId) {
  return useQuery({
    queryKey: ['customers', 'one', customerId],
    queryFn: ({ signal }) => call(getCustomerContract, { params: { customer_id: customerId }, signal }),
    select: ({ data }) => data,
    refetchInterval: pollUnlessGone(pollMs),
  })
}
