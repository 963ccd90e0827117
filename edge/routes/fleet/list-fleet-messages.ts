import { listFleetMessagesContract } from '#contracts/http/fleet-messages.ts'
import { getFleetInstance } from '#core/verbs/fleet/get-fleet-instance.ts'
import { listMessages } from '#core/verbs/messages/list-messages.ts'
import { answerList } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const listFleetMessagesRoute = defineRoute({
  contract: listFleetMessagesContract,
  policy: { auth: 'admin', role: 'admin' },
  async handle({ services, params: { instance_id: instanceId }, query }) {
    const { instance } = await getFleetInstance(services, instanceId)
    return answerList(await listMessages(services, instance, { instanceId, ...query }))
  },
})
