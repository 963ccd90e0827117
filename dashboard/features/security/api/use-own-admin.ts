import { useQuery } from '@tanstack/react-query'
import { getOwnAdminContract } from '#contracts/http/admin-auth.ts'
import { call } from '#dashboard/lib/api/call.ts'

export function useOwnAdmin() {
  return useQuery({
    queryKey: ['own'],
    queryFn: ({ signal }) => call(getOwnAdminContract, { signal }),
    select: ({ data }) => data,
  })
}
