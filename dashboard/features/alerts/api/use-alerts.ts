import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { listAlertsContract } from '#contracts/http/alerts.ts'
import type { AlertsSearch } from '#dashboard/features/alerts/alerts-search.ts'
import { call } from '#dashboard/lib/api/call.ts'
import { pollUnlessGone } from '#dashboard/lib/poll.ts'

const pollMs = 10_000

/** One page of the alerts; the page before stays until the next one is there. */
export function useAlerts({ state, ...search }: AlertsSearch) {
  const query = { ...search, state: state === 'all' ? undefined : state }
  return useQuery({
    queryKey: ['alerts', 'list', query],
    queryFn: ({ signal }) => call(listAlertsContract, { query, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: pollUnlessGone(pollMs),
  })
}
