import { createInstanceContract } from '#contracts/http/instances.ts'
import { createInstance } from '#core/verbs/instances/create-instance.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const createInstanceRoute = defineRoute({
  contract: createInstanceContract,
  policy: { auth: 'api-key', scope: 'instances:manage', limit: 'write', keyCheck: 'first', idempotent: 'whole-answer' },
  async handle({ services, actor, body }) {
    return answer(201, await createInstance(services, actor, body))
  },
})
