import { stopInstanceContract } from '#contracts/http/instances.ts'
import { stopInstance } from '#core/verbs/instances/stop-instance.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const stopInstanceRoute = defineRoute({
  contract: stopInstanceContract,
  policy: { auth: 'api-key', scope: 'instances:manage', limit: 'write', keyCheck: 'first', idempotent: 'by-nature' },
  async handle({ services, actor, params }) {
    return answer(202, await stopInstance(services, actor, params.instance_id))
  },
})
