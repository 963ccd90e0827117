import { useQuery } from '@tanstack/react-query'
import { getFleetInstanceContract } from '#contracts/http/fleet-instances.ts'
import type { InstanceId } from '#contracts/ids.ts'
import { isSettling } from '#dashboard/features/instances/is-moving.ts'
import { call } from '#dashboard/lib/api/call.ts'
import { pollUnlessGone } from '#dashboard/lib/poll.ts'

const pollMs = 5_000
const pollSettlingMs = 1_500

/** An instance, which is looked at again while the page is open; more often while something goes on. */
export function useInstance(instanceId: InstanceId) {
  return useQuery({
    queryKey: ['instances', 'one', instanceId],
    queryFn: ({ signal }) => call(getFleetInstanceContract, { params: { instance_id: instanceId }, signal }),
    select: ({ data }) => data,
    refetchInterval: (query) => {
      const settling = query.state.data !== undefined && isSettling(query.state.data.data)
      return pollUnlessGone(settling ? pollSettlingMs : pollMs)(query)
    },
  })
}
