import { getInstanceContract } from '#contracts/http/instances.ts'
import { getInstance } from '#core/verbs/instances/get-instance.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const getInstanceRoute = defineRoute({
  contract: getInstanceContract,
  policy: { auth: 'api-key', scope: 'instances:manage', limit: 'read', keyCheck: 'first' },
  async handle({ services, actor, params }) {
    return answer(200, await getInstance(services, actor, params.instance_id))
  },
})
