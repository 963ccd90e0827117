import { useQuery } from '@tanstack/react-query'
import { getCustomerUsageContract } from '#contracts/http/usage.ts'
import type { CustomerId } from '#contracts/ids.ts'
import { call } from '#dashboard/lib/api/call.ts'

export function useCustomerUsage(customerId: CustomerId, days: number) {
  return useQuery({
    queryKey: ['customers', 'usage', customerId, days],
    queryFn: ({ signal }) =>
      call(getCustomerUsageContract, { params: { customer_id: customerId }, query: { days }, signal }),
    select: ({ data }) => data,
  })
}
