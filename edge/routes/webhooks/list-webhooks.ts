import { listWebhooksContract } from '#contracts/http/webhooks.ts'
import { listWebhooks } from '#core/verbs/webhooks/list-webhooks.ts'
import { answerList } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const listWebhooksRoute = defineRoute({
  contract: listWebhooksContract,
  policy: { auth: 'api-key', scope: 'webhooks:manage', limit: 'read', keyCheck: 'first' },
  async handle({ services, actor, query }) {
    return answerList(await listWebhooks(services, actor, query))
  },
})
