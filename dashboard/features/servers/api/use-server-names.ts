import { useQuery } from '@tanstack/react-query'
import { listServersContract } from '#contracts/http/servers.ts'
import { call } from '#dashboard/lib/api/call.ts'

const staleMs = 60_000

/** The first hundred servers by name, for choosing one. */
export function useServerNames() {
  return useQuery({
    queryKey: ['servers', 'names'],
    queryFn: ({ signal }) => call(listServersContract, { query: { limit: 100, sort: 'name' }, signal }),
    select: ({ data }) => data.map(({ id, name, status, region }) => ({ id, name, status, region })),
    staleTime: staleMs,
  })
}
