import { deleteInstanceContract } from '#contracts/http/instances.ts'
import { deleteInstance } from '#core/verbs/instances/delete-instance.ts'
import { noContent } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const deleteInstanceRoute = defineRoute({
  contract: deleteInstanceContract,
  policy: { auth: 'api-key', scope: 'instances:manage', limit: 'write', keyCheck: 'first' },
  async handle({ services, actor, params }) {
    await deleteInstance(services, actor, params.instance_id)
    return noContent
  },
})
