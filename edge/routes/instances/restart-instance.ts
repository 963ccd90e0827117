import { restartInstanceContract } from '#contracts/http/instances.ts'
import { restartInstance } from '#core/verbs/instances/restart-instance.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const restartInstanceRoute = defineRoute({
  contract: restartInstanceContract,
  policy: { auth: 'api-key', scope: 'instances:manage', limit: 'write', keyCheck: 'first', idempotent: 'by-nature' },
  async handle({ services, actor, params }) {
    return answer(202, await restartInstance(services, actor, params.instance_id))
  },
})
