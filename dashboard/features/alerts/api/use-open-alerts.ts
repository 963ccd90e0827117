import { useQuery } from '@tanstack/react-query'
import { listAlertsContract } from '#contracts/http/alerts.ts'
import { call } from '#dashboard/lib/api/call.ts'
import { pollUnlessGone } from '#dashboard/lib/poll.ts'

const pollMs = 30_000

/** How many alerts wait for somebody; undefined until that is known. */
export function useOpenAlerts(): number | undefined {
  const { data } = useQuery({
    queryKey: ['alerts', 'open'],
    queryFn: ({ signal }) => call(listAlertsContract, { query: { state: 'open', limit: 1 }, signal }),
    select: ({ meta }) => meta.total,
    refetchInterval: pollUnlessGone(pollMs),
  })
  return data
}
