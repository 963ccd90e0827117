import { updateInstanceContract } from '#contracts/http/instances.ts'
import { renameInstance } from '#core/verbs/instances/rename-instance.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const updateInstanceRoute = defineRoute({
  contract: updateInstanceContract,
  policy: { auth: 'api-key', scope: 'instances:manage', limit: 'write', keyCheck: 'first' },
  async handle({ services, actor, params, body }) {
    return answer(200, await renameInstance(services, actor, { id: params.instance_id, name: body.name }))
  },
})
