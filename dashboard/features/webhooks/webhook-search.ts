import { z } from 'zod'
import { listCustomerDeliveriesContract } from '#contracts/http/customer-webhooks.ts'

const { status, event_type } = listCustomerDeliveriesContract.query.shape

/** Filters of an endpoint's deliveries as the address holds them. */
export const webhookSearch = z.object({ status: status.catch(undefined), event_type: event_type.catch(undefined) })
export type WebhookSearch = z.output<typeof webhookSearch>
