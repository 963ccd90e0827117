import { getCustomerUsageContract } from '#contracts/http/customers.ts'
import { found } from '#core/rules/not-found.ts'
import { presentUsageDay } from '#core/rules/present-customer.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const getCustomerUsageRoute = defineRoute({
  contract: getCustomerUsageContract,
  policy: { auth: 'admin', role: 'viewer' },
  async handle({ services, params, query }) {
    const days = found('customer', await services.customerAccounts.usage(params.customer_id, query.days))
    return answer(200, days.map(presentUsageDay))
  },
})
