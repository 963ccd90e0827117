import { useQuery } from '@tanstack/react-query'
import { getServerContract } from '#contracts/http/servers.ts'
import type { ServerId } from '#contracts/ids.ts'
import { isMoving } from '#dashboard/features/servers/is-moving.ts'
import { call } from '#dashboard/lib/api/call.ts'
import { pollUnlessGone } from '#dashboard/lib/poll.ts'

const pollMs = 10_000
const pollMovingMs = 1_500

/** A server, which is looked at again while the page is open; more often while something goes on that people watch. */
export function useServer(serverId: ServerId) {
  return useQuery({
    queryKey: ['servers', 'one', serverId],
    queryFn: ({ signal }) => call(getServerContract, { params: { server_id: serverId }, signal }),
    select: ({ data }) => data,
    refetchInterval: (query) => {
      const moving = query.state.data !== undefined && isMoving(query.state.data.data)
      return pollUnlessGone(moving ? pollMovingMs : pollMs)(query)
    },
  })
}
