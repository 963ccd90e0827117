import { logOutEverywhereContract } from '#contracts/http/admin-auth.ts'
import { logOutEverywhere } from '#core/verbs/admin-auth/end-sessions.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const logOutEverywhereRoute = defineRoute({
  contract: logOutEverywhereContract,
  policy: { auth: 'admin', role: 'viewer' },
  async handle({ services, actor }) {
    return answer(200, await logOutEverywhere(services, actor))
  },
})
