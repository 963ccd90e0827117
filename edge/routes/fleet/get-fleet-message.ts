import { getFleetMessageContract } from '#contracts/http/fleet-messages.ts'
import { getFleetMessage } from '#core/verbs/fleet/get-fleet-message.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const getFleetMessageRoute = defineRoute({
  contract: getFleetMessageContract,
  policy: { auth: 'admin', role: 'admin' },
  async handle({ services, params }) {
    return answer(200, await getFleetMessage(services, params.instance_id, params.message_id))
  },
})
