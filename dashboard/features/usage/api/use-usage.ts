import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { listUsageContract } from '#contracts/http/usage.ts'
import type { UsageSearch } from '#dashboard/features/usage/usage-search.ts'
import { call } from '#dashboard/lib/api/call.ts'
import { pollUnlessGone } from '#dashboard/lib/poll.ts'

const pollMs = 60_000

/** One page of what was used; not asked for while its days would be refused. */
export function useUsage(query: UsageSearch, enabled: boolean) {
  return useQuery({
    queryKey: ['usage', query],
    queryFn: ({ signal }) => call(listUsageContract, { query, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: pollUnlessGone(pollMs),
    enabled,
  })
}
