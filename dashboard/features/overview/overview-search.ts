import { z } from 'zod'
import { getGlobalMetricsContract } from '#contracts/http/metrics.ts'

/** Range of the charts as the address holds it. */
export const overviewSearch = {
  schema: z.object({ range: getGlobalMetricsContract.query.shape.range.catch('1h') }),
  defaults: { range: '1h' },
} as const
