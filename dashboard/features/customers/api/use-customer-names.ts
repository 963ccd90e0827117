import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { listCustomersContract } from '#contracts/http/customers.ts'
import { call } from '#dashboard/lib/api/call.ts'

const shown = 8

/** Customers whose name begins so, for choosing one. */
export function useCustomerNames(q: string) {
  return useQuery({
    queryKey: ['customers', 'names', q],
    queryFn: ({ signal }) => call(listCustomersContract, { query: { q, limit: shown, sort: 'name' }, signal }),
    select: ({ data }) => data.map(({ id, name }) => ({ id, name })),
    placeholderData: keepPreviousData,
    enabled: q !== '',
  })
}
