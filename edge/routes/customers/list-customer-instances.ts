import { listCustomerInstancesContract } from '#contracts/http/customers.ts'
import { found } from '#core/rules/not-found.ts'
import { presentInstance } from '#core/rules/present-instance.ts'
import { answerTable } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const listCustomerInstancesRoute = defineRoute({
  contract: listCustomerInstancesContract,
  policy: { auth: 'admin', role: 'viewer' },
  async handle({ services, params, query }) {
    const page = { page: query.page, perPage: query.limit }
    const instances = found('customer', await services.customerAccounts.instances(params.customer_id, page))
    return answerTable(instances, page, presentInstance)
  },
})
