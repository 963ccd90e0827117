import { useInfiniteQuery } from '@tanstack/react-query'
import { listStateChangesContract } from '#contracts/http/fleet-instances.ts'
import type { InstanceId } from '#contracts/ids.ts'
import { call } from '#dashboard/lib/api/call.ts'

const pageSize = 10

/** The states that it has had, newest first; more of them when asked for. `since` says that there is a new one. */
export function useStateChanges(instanceId: InstanceId, since: string) {
  return useInfiniteQuery({
    queryKey: ['instances', 'history', instanceId, since],
    queryFn: ({ pageParam: cursor, signal }) =>
      call(listStateChangesContract, {
        params: { instance_id: instanceId },
        query: { limit: pageSize, cursor },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ meta }) => meta.next_cursor ?? undefined,
    placeholderData: (before) => before,
    select: ({ pages }) => pages.flatMap(({ data }) => data),
  })
}
