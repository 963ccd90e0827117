import { listAlertsContract } from '#contracts/http/alerts.ts'
import { presentAlert } from '#core/rules/present-alert.ts'
import { answerTable } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const listAlertsRoute = defineRoute({
  contract: listAlertsContract,
  policy: { auth: 'admin', role: 'viewer' },
  async handle({ services, query: { page, limit: perPage, customer_id: customerId, ...rest } }) {
    const filter = { ...rest, ...(customerId === undefined ? {} : { customerId }) }
    return answerTable(await services.alerts.list(filter, { page, perPage }), { page, perPage }, presentAlert)
  },
})
