import { endSessionContract } from '#contracts/http/admin-auth.ts'
import { endOwnSession } from '#core/verbs/admin-auth/end-sessions.ts'
import { noContent } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const endSessionRoute = defineRoute({
  contract: endSessionContract,
  policy: { auth: 'admin', role: 'viewer' },
  async handle({ services, actor, params }) {
    await endOwnSession(services, actor, params.session_id)
    return noContent
  },
})
