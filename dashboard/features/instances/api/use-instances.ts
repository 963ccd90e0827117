import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { listFleetInstancesContract } from '#contracts/http/fleet-instances.ts'
import type { InstancesSearch } from '#dashboard/features/instances/instances-search.ts'
import { call } from '#dashboard/lib/api/call.ts'
import { pollUnlessGone } from '#dashboard/lib/poll.ts'

const pollMs = 10_000

/** One page of the instances of all customers; the page before stays until the next one is there. */
export function useInstances(query: InstancesSearch) {
  return useQuery({
    queryKey: ['instances', 'list', query],
    queryFn: ({ signal }) => call(listFleetInstancesContract, { query, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: pollUnlessGone(pollMs),
  })
}
