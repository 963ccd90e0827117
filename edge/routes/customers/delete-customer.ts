import { deleteCustomerContract } from '#contracts/http/customers.ts'
import { deleteCustomer } from '#core/verbs/customers/delete-customer.ts'
import { noContent } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const deleteCustomerRoute = defineRoute({
  contract: deleteCustomerContract,
  policy: { auth: 'admin', role: 'admin' },
  async handle({ services, actor, params }) {
    await deleteCustomer(services, actor, params.customer_id)
    return noContent
  },
})
