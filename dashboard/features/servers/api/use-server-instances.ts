import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { listServerInstancesContract } from '#contracts/http/fleet-instances.ts'
import type { ServerId } from '#contracts/ids.ts'
import { call } from '#dashboard/lib/api/call.ts'
import { pollUnlessGone } from '#dashboard/lib/poll.ts'

const pollMs = 10_000
const pollMovingMs = 3_000

/** One page of what a server holds or should hold. */
export function useServerInstances(serverId: ServerId, page: number, moving: boolean) {
  return useQuery({
    queryKey: ['servers', 'instances', serverId, page],
    queryFn: ({ signal }) =>
      call(listServerInstancesContract, { params: { server_id: serverId }, query: { page }, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: pollUnlessGone(moving ? pollMovingMs : pollMs),
  })
}
