import { replayCustomerDeliveriesContract } from '#contracts/http/customer-webhooks.ts'
import { replayCustomerDeliveries } from '#core/verbs/webhooks/replay-customer-deliveries.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'
import { replayInputOf } from '#edge/routes/webhooks/replay-input.ts'

export const replayCustomerDeliveriesRoute = defineRoute({
  contract: replayCustomerDeliveriesContract,
  policy: { auth: 'admin', role: 'admin' },
  async handle({ services, actor, params: { customer_id: customerId, webhook_id: id }, body }) {
    return answer(202, await replayCustomerDeliveries(services, actor, customerId, replayInputOf(id, body)))
  },
})
