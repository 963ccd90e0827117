import { activateCustomerContract } from '#contracts/http/customers.ts'
import { presentCustomer } from '#core/rules/present-customer.ts'
import { setCustomerStatus } from '#core/verbs/customers/set-customer-status.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const activateCustomerRoute = defineRoute({
  contract: activateCustomerContract,
  policy: { auth: 'admin', role: 'admin' },
  async handle({ services, actor, params }) {
    return answer(200, presentCustomer(await setCustomerStatus(services, actor, params.customer_id, 'active')))
  },
})
