import { getCustomerWebhookContract } from '#contracts/http/customer-webhooks.ts'
import { getWebhook } from '#core/verbs/webhooks/get-webhook.ts'
import { requireCustomer } from '#core/verbs/webhooks/require-customer.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const getCustomerWebhookRoute = defineRoute({
  contract: getCustomerWebhookContract,
  policy: { auth: 'admin', role: 'viewer' },
  async handle({ services, params: { customer_id: customerId, webhook_id: id } }) {
    await requireCustomer(services, customerId)
    return answer(200, await getWebhook(services, { customerId }, id))
  },
})
