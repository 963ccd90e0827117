import { z } from 'zod'
import { listUsageContract, mostUsageDays } from '#contracts/http/usage.ts'

const { by, from, to, q, sort } = listUsageContract.query.shape
const dayMs = 86_400_000

/** What is counted, its days (UTC), order and page as the address holds them. */
export const usageSearch = {
  schema: z.object({
    page: z.number().int().min(1).catch(1).default(1),
    by: by.catch('plan').default('plan'),
    from: from.catch(undefined),
    to: to.catch(undefined),
    q: q.catch(undefined),
    sort: sort.catch('-sent').default('-sent'),
  }),
  defaults: { page: 1, by: 'plan', sort: '-sent' },
} as const
export type UsageSearch = z.output<typeof usageSearch.schema>

/** Why the API would refuse these days, in words for people; undefined when it would not. */
export function refusedDays({ from, to }: Pick<UsageSearch, 'from' | 'to'>, now: Date): string | undefined {
  if (from === undefined) return undefined
  const last = to ?? now.toISOString().slice(0, 10)
  if (from > last) return 'The first day has to be before the last one.'
  const days = (Date.parse(last) - Date.parse(from)) / dayMs + 1
  return days > mostUsageDays.ofAll ? `At most ${mostUsageDays.ofAll} days are shown at once.` : undefined
}
