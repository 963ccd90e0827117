import { cancelMessageContract } from '#contracts/http/messages.ts'
import { cancelMessage } from '#core/verbs/messages/cancel-message.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const cancelMessageRoute = defineRoute({
  contract: cancelMessageContract,
  policy: { auth: 'api-key', scope: 'messages:send', limit: 'write', keyCheck: 'first', idempotent: 'by-nature' },
  async handle({ services, actor, params }) {
    return answer(200, await cancelMessage(services, actor, params.message_id))
  },
})
