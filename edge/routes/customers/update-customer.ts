import { updateCustomerContract } from '#contracts/http/customers.ts'
import { presentCustomer } from '#core/rules/present-customer.ts'
import { updateCustomer } from '#core/verbs/customers/update-customer.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const updateCustomerRoute = defineRoute({
  contract: updateCustomerContract,
  policy: { auth: 'admin', role: 'admin' },
  async handle({ services, actor, params, body }) {
    const { limit_overrides: limitOverrides, assign_server: given, ...changes } = body
    const assignedServerId = given === 'auto' ? null : given
    const all = { ...changes, limitOverrides, assignedServerId }
    const customer = await updateCustomer(services, actor, params.customer_id, all)
    return answer(200, presentCustomer(customer))
  },
})
