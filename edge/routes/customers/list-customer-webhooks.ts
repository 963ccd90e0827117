import { listCustomerWebhooksContract } from '#contracts/http/customer-webhooks.ts'
import { listCustomerWebhooks } from '#core/verbs/webhooks/list-customer-webhooks.ts'
import { answerList } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const listCustomerWebhooksRoute = defineRoute({
  contract: listCustomerWebhooksContract,
  policy: { auth: 'admin', role: 'viewer' },
  async handle({ services, params, query }) {
    return answerList(await listCustomerWebhooks(services, params.customer_id, query))
  },
})
