import { z } from 'zod'
import { listFleetInstancesContract } from '#contracts/http/fleet-instances.ts'
import { listFleetMessagesContract } from '#contracts/http/fleet-messages.ts'

const { q, state, server_id, customer_id, sort } = listFleetInstancesContract.query.shape

/** The table's filters, order and page as the address holds them; what makes no sense there counts as not given. */
export const instancesSearch = {
  schema: z.object({
    page: z.number().int().min(1).catch(1).default(1),
    q: q.catch(undefined),
    state: state.catch(undefined),
    server_id: server_id.catch(undefined),
    customer_id: customer_id.catch(undefined),
    sort: sort.catch('-created_at').default('-created_at'),
  }),
  defaults: { page: 1, sort: '-created_at' },
} as const
export type InstancesSearch = z.output<typeof instancesSearch.schema>

const { cursor, direction, status } = listFleetMessagesContract.query.shape

/** Filters and place of the message log of one instance. */
export const instanceSearch = {
  schema: z.object({
    direction: direction.catch(undefined),
    status: status.catch(undefined),
    /** After which messages the shown ones come; the newest when there is none. */
    cursor: cursor.catch(undefined),
  }),
} as const
export type InstanceSearch = z.output<typeof instanceSearch.schema>
