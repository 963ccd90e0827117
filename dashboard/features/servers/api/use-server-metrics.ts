import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getServerMetricsContract, type ServerMetricRange } from '#contracts/http/server-metrics.ts'
import type { ServerId } from '#contracts/ids.ts'
import { call } from '#dashboard/lib/api/call.ts'
import { pollUnlessGone } from '#dashboard/lib/poll.ts'

const pollMs = 30_000

/** How a server did; a worker tells it each minute. */
export function useServerMetrics(server_id: ServerId, range: ServerMetricRange) {
  return useQuery({
    queryKey: ['servers', 'metrics', server_id, range],
    queryFn: ({ signal }) => call(getServerMetricsContract, { params: { server_id }, query: { range }, signal }),
    select: ({ data }) => data,
    placeholderData: keepPreviousData,
    refetchInterval: pollUnlessGone(pollMs),
  })
}
