import { getCustomerContract } from '#contracts/http/customers.ts'
import { found } from '#core/rules/not-found.ts'
import { presentCustomerDetails } from '#core/rules/present-customer.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const getCustomerRoute = defineRoute({
  contract: getCustomerContract,
  policy: { auth: 'admin', role: 'viewer' },
  async handle({ services, params }) {
    const details = found('customer', await services.customerAccounts.details(params.customer_id))
    return answer(200, presentCustomerDetails(details))
  },
})
