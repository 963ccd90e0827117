import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { listAdminsContract } from '#contracts/http/admins.ts'
import { call } from '#dashboard/lib/api/call.ts'

export function useAdmins(page: number) {
  return useQuery({
    queryKey: ['admins', page],
    queryFn: ({ signal }) => call(listAdminsContract, { query: { page }, signal }),
    placeholderData: keepPreviousData,
  })
}
