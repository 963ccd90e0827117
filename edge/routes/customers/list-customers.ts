import { listCustomersContract } from '#contracts/http/customers.ts'
import { presentCustomer } from '#core/rules/present-customer.ts'
import { answerTable } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const listCustomersRoute = defineRoute({
  contract: listCustomersContract,
  policy: { auth: 'admin', role: 'viewer' },
  async handle({ services, query }) {
    const { page, limit: perPage, sort, ...filter } = query
    const by = sort.endsWith('name') ? ('name' as const) : ('createdAt' as const)
    const sorted = { ...filter, sort: { by, descending: sort.startsWith('-') } }
    const found = await services.customerAccounts.list(sorted, { page, perPage })
    return answerTable(found, { page, perPage }, presentCustomer)
  },
})
