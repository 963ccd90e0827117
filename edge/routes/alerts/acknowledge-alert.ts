import { acknowledgeAlertContract } from '#contracts/http/alerts.ts'
import { presentAlert } from '#core/rules/present-alert.ts'
import { acknowledgeAlert } from '#core/verbs/alerts/acknowledge-alert.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const acknowledgeAlertRoute = defineRoute({
  contract: acknowledgeAlertContract,
  policy: { auth: 'admin', role: 'admin' },
  async handle({ services, actor, params }) {
    return answer(200, presentAlert(await acknowledgeAlert(services, actor, params.alert_id)))
  },
})
