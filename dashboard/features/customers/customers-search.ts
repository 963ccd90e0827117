import { z } from 'zod'
import { listCustomersContract } from '#contracts/http/customers.ts'

const { q, status, plan, sort } = listCustomersContract.query.shape

/** The table's filters, order and page as the address holds them; what makes no sense there counts as not given. */
export const customersSearch = {
  schema: z.object({
    page: z.number().int().min(1).catch(1).default(1),
    q: q.catch(undefined),
    status: status.catch(undefined),
    plan: plan.catch(undefined),
    sort: sort.catch('-created_at'),
  }),
  defaults: { page: 1, sort: '-created_at' },
} as const
export type CustomersSearch = z.output<typeof customersSearch.schema>
