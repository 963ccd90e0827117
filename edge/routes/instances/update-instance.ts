import { updateInstanceContract } from '#contracts/http/instances.ts'
import { updateInstance } from '#core/verbs/instances/update-instance.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const updateInstanceRoute = defineRoute({
  contract: updateInstanceContract,
  policy: { auth: 'api-key', scope: 'instances:manage', limit: 'write', keyCheck: 'first' },
  async handle({ services, actor, params, body }) {
    const { name, new_chats_per_minute: newChatsPerMinute } = body
    return answer(200, await updateInstance(services, actor, { id: params.instance_id, name, newChatsPerMinute }))
  },
})
