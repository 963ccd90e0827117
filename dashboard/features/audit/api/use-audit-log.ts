import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { listAuditLogsContract } from '#contracts/http/admins.ts'
import { auditFilterOf } from '#dashboard/features/audit/audit-filter.ts'
import type { AuditSearch } from '#dashboard/features/audit/audit-search.ts'
import { call } from '#dashboard/lib/api/call.ts'
import { pollUnlessGone } from '#dashboard/lib/poll.ts'

const pollMs = 30_000

export function useAuditLog(search: AuditSearch) {
  const query = { ...auditFilterOf(search), page: search.page, limit: 50 }
  return useQuery({
    queryKey: ['audit', query],
    queryFn: ({ signal }) => call(listAuditLogsContract, { query, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: pollUnlessGone(pollMs),
  })
}
