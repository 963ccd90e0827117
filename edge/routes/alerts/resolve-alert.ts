import { resolveAlertContract } from '#contracts/http/alerts.ts'
import { presentAlert } from '#core/rules/present-alert.ts'
import { resolveAlert } from '#core/verbs/alerts/resolve-alert.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const resolveAlertRoute = defineRoute({
  contract: resolveAlertContract,
  policy: { auth: 'admin', role: 'admin' },
  async handle({ services, actor, params }) {
    return answer(200, presentAlert(await resolveAlert(services, actor, params.alert_id)))
  },
})
