import { getMessageContract } from '#contracts/http/messages.ts'
import { getMessage } from '#core/verbs/messages/get-message.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const getMessageRoute = defineRoute({
  contract: getMessageContract,
  policy: { auth: 'api-key', scope: 'messages:read', limit: 'read', keyCheck: 'first' },
  async handle({ services, actor, params }) {
    return answer(200, await getMessage(services, actor, params.message_id))
  },
})
