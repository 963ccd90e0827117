import { renewEnrollmentContract } from '#contracts/http/enrollment.ts'
import { presentEnrollment } from '#core/rules/present-enrollment.ts'
import { renewEnrollment } from '#core/verbs/servers/renew-enrollment.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const renewEnrollmentRoute = defineRoute({
  contract: renewEnrollmentContract,
  policy: { auth: 'admin', role: 'admin' },
  async handle({ services, actor, params, ownOrigin }) {
    const enrollment = await renewEnrollment(services, actor, params.server_id)
    return answer(201, presentEnrollment(enrollment, { start: services.workerCommand, edge: ownOrigin }))
  },
})
