import { createCustomerKeyContract } from '#contracts/http/customers.ts'
import { presentApiKey } from '#core/rules/present-api-key.ts'
import { createCustomerKey } from '#core/verbs/customers/create-customer-key.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const createCustomerKeyRoute = defineRoute({
  contract: createCustomerKeyContract,
  policy: { auth: 'admin', role: 'admin' },
  async handle({ services, actor, params, body }) {
    const { key, secret } = await createCustomerKey(services, actor, params.customer_id, body)
    return answer(201, { ...presentApiKey(key), secret })
  },
})
