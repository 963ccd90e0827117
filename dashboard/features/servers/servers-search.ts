import { z } from 'zod'
import { getServerMetricsContract } from '#contracts/http/server-metrics.ts'
import { listServersContract } from '#contracts/http/servers.ts'

const { q, status, region, sort } = listServersContract.query.shape

/** The table's filters, order and page as the address holds them; what makes no sense there counts as not given. */
export const serversSearch = {
  schema: z.object({
    page: z.number().int().min(1).catch(1).default(1),
    q: q.catch(undefined),
    status: status.catch(undefined),
    region: region.catch(undefined),
    sort: sort.catch('name').default('name'),
  }),
  defaults: { page: 1, sort: 'name' },
} as const
export type ServersSearch = z.output<typeof serversSearch.schema>

/** Page of the instances of one server, and the time of its charts. */
export const serverSearch = {
  schema: z.object({
    page: z.number().int().min(1).catch(1).default(1),
    range: getServerMetricsContract.query.shape.range.catch('1h'),
  }),
  defaults: { page: 1, range: '1h' },
} as const
