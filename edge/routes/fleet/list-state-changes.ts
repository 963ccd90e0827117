import { listStateChangesContract } from '#contracts/http/fleet-instances.ts'
import { listStateChanges } from '#core/verbs/fleet/list-state-changes.ts'
import { answerList } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const listStateChangesRoute = defineRoute({
  contract: listStateChangesContract,
  policy: { auth: 'admin', role: 'viewer' },
  async handle({ services, params, query }) {
    return answerList(await listStateChanges(services, params.instance_id, query))
  },
})
