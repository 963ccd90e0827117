import { startInstanceContract } from '#contracts/http/instances.ts'
import { startInstance } from '#core/verbs/instances/start-instance.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const startInstanceRoute = defineRoute({
  contract: startInstanceContract,
  policy: { auth: 'api-key', scope: 'instances:manage', limit: 'write', keyCheck: 'first', idempotent: 'by-nature' },
  async handle({ services, actor, params }) {
    return answer(202, await startInstance(services, actor, params.instance_id))
  },
})
