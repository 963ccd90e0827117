import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { listServersContract } from '#contracts/http/servers.ts'
import type { ServersSearch } from '#dashboard/features/servers/servers-search.ts'
import { call } from '#dashboard/lib/api/call.ts'
import { pollUnlessGone } from '#dashboard/lib/poll.ts'

const pollMs = 10_000

/** One page of the servers; the page before stays until the next one is there. */
export function useServers(query: ServersSearch) {
  return useQuery({
    queryKey: ['servers', 'list', query],
    queryFn: ({ signal }) => call(listServersContract, { query, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: pollUnlessGone(pollMs),
  })
}
