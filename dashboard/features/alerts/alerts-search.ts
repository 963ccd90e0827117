import { z } from 'zod'
import { alertStates } from '#contracts/alerts.ts'
import { listAlertsContract } from '#contracts/http/alerts.ts'

const { kind, customer_id, subject } = listAlertsContract.query.shape

/** Filters and page as the address holds them; what waits for somebody comes first. */
export const alertsSearch = {
  schema: z.object({
    page: z.number().int().min(1).catch(1).default(1),
    state: z
      .enum([...alertStates, 'all'])
      .catch('open')
      .default('open'),
    kind: kind.catch(undefined),
    customer_id: customer_id.catch(undefined),
    subject: subject.catch(undefined),
  }),
  defaults: { page: 1, state: 'open' },
} as const
export type AlertsSearch = z.output<typeof alertsSearch.schema>
