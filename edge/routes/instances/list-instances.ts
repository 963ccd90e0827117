import { listInstancesContract } from '#contracts/http/instances.ts'
import { listInstances } from '#core/verbs/instances/list-instances.ts'
import { answerList } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const listInstancesRoute = defineRoute({
  contract: listInstancesContract,
  policy: { auth: 'api-key', scope: 'instances:manage', limit: 'read', keyCheck: 'first' },
  async handle({ services, actor, query }) {
    return answerList(await listInstances(services, actor, query))
  },
})
