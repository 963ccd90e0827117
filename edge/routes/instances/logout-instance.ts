import { logoutInstanceContract } from '#contracts/http/instances.ts'
import { logoutInstance } from '#core/verbs/instances/logout-instance.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const logoutInstanceRoute = defineRoute({
  contract: logoutInstanceContract,
  policy: { auth: 'api-key', scope: 'instances:manage', limit: 'write', keyCheck: 'first', idempotent: 'by-nature' },
  async handle({ services, actor, params }) {
    return answer(202, await logoutInstance(services, actor, params.instance_id))
  },
})
