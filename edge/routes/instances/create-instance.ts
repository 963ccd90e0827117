import { createInstanceContract } from '#contracts/http/instances.ts'
import type { InstanceId } from '#contracts/ids.ts'
import { createInstance } from '#core/verbs/instances/create-instance.ts'
import { getInstance } from '#core/verbs/instances/get-instance.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const createInstanceRoute = defineRoute({
  contract: createInstanceContract,
  policy: { auth: 'api-key', scope: 'instances:manage', limit: 'write', keyCheck: 'first', idempotent: 'whole-answer' },
  async handle({ services, actor, body, once }) {
    return answer(201, await createInstance(services, actor, body, once))
  },
  async tellAgain({ services, actor }, { id }: { id: InstanceId }) {
    return answer(201, await getInstance(services, actor, id))
  },
})
