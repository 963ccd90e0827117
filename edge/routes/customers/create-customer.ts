import { createCustomerContract } from '#contracts/http/customers.ts'
import { presentApiKey } from '#core/rules/present-api-key.ts'
import { presentCustomer } from '#core/rules/present-customer.ts'
import { createCustomer } from '#core/verbs/customers/create-customer.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const createCustomerRoute = defineRoute({
  contract: createCustomerContract,
  policy: { auth: 'admin', role: 'admin' },
  async handle({ services, actor, body }) {
    const { assign_server: given, ...rest } = body
    const input = { ...rest, assignedServerId: given === 'auto' ? null : given }
    const { customer, key, secret } = await createCustomer(services, actor, input)
    return answer(201, { ...presentCustomer(customer), api_key: { ...presentApiKey(key), secret } })
  },
})
