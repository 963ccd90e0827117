import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { listAuditLogsContract } from '#contracts/http/admins.ts'
import { endOfDay, startOfDay } from '#dashboard/features/audit/day-bounds.ts'
import type { AuditSearch } from '#dashboard/features/audit/audit-search.ts'
import { call } from '#dashboard/lib/api/call.ts'

const pollMs = 30_000

export function useAuditLog({ from, to, ...search }: AuditSearch) {
  const query = {
    ...search,
    from: from === undefined ? undefined : startOfDay(from),
    to: to === undefined ? undefined : endOfDay(to),
    limit: 50,
  }
  return useQuery({
    queryKey: ['audit', query],
    queryFn: ({ signal }) => call(listAuditLogsContract, { query, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: pollMs,
  })
}
