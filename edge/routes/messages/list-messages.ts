import { listMessagesContract } from '#contracts/http/messages.ts'
import { listMessages } from '#core/verbs/messages/list-messages.ts'
import { answerList } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const listMessagesRoute = defineRoute({
  contract: listMessagesContract,
  policy: { auth: 'api-key', scope: 'messages:read', limit: 'read', keyCheck: 'first' },
  async handle({ services, actor, params, query }) {
    return answerList(await listMessages(services, actor, { instanceId: params.instance_id, ...query }))
  },
})
