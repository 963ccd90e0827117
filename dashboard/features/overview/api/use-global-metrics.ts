import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getGlobalMetricsContract, type MetricRange } from '#contracts/http/metrics.ts'
import { call } from '#dashboard/lib/api/call.ts'
import { pollUnlessGone } from '#dashboard/lib/poll.ts'

const pollMs = 10_000

/** The whole service in figures. Nothing is asked while the tab is hidden, and nothing twice while an answer is awaited. */
export function useGlobalMetrics(range: MetricRange) {
  return useQuery({
    queryKey: ['metrics', range],
    queryFn: ({ signal }) => call(getGlobalMetricsContract, { query: { range }, signal }),
    select: ({ data }) => data,
    placeholderData: keepPreviousData,
    refetchInterval: pollUnlessGone(pollMs),
  })
}
