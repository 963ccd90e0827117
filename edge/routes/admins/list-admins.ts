import { listAdminsContract } from '#contracts/http/admins.ts'
import { presentAdmin } from '#core/rules/present-admin.ts'
import { answerTable } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const listAdminsRoute = defineRoute({
  contract: listAdminsContract,
  policy: { auth: 'admin', role: 'super_admin' },
  async handle({ services, query }) {
    const page = { page: query.page, perPage: query.limit }
    return answerTable(await services.admins.list(page), page, presentAdmin)
  },
})
