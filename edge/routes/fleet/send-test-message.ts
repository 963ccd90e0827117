import { sendTestMessageContract } from '#contracts/http/fleet-messages.ts'
import { sendTestMessage } from '#core/verbs/fleet/send-test-message.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const sendTestMessageRoute = defineRoute({
  contract: sendTestMessageContract,
  policy: { auth: 'admin', role: 'admin' },
  async handle({ services, actor, params, body }) {
    return answer(202, await sendTestMessage(services, actor, { instanceId: params.instance_id, ...body }))
  },
})
