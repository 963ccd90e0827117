import { listCustomerDeliveriesContract } from '#contracts/http/customer-webhooks.ts'
import { listDeliveries } from '#core/verbs/webhooks/list-deliveries.ts'
import { requireCustomer } from '#core/verbs/webhooks/require-customer.ts'
import { answerList } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const listCustomerDeliveriesRoute = defineRoute({
  contract: listCustomerDeliveriesContract,
  policy: { auth: 'admin', role: 'viewer' },
  async handle({
    services,
    params: { customer_id: customerId, webhook_id: id },
    query: { event_type: eventType, ...query },
  }) {
    await requireCustomer(services, customerId)
    return answerList(await listDeliveries(services, { customerId }, { id, eventType, ...query }))
  },
})
