import { listCustomerKeysContract } from '#contracts/http/customers.ts'
import { found } from '#core/rules/not-found.ts'
import { presentApiKey } from '#core/rules/present-api-key.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const listCustomerKeysRoute = defineRoute({
  contract: listCustomerKeysContract,
  policy: { auth: 'admin', role: 'viewer' },
  async handle({ services, params }) {
    const keys = found('customer', await services.customerKeys.list(params.customer_id))
    return answer(200, keys.map(presentApiKey))
  },
})
