import { getWebhookContract } from '#contracts/http/webhooks.ts'
import { getWebhook } from '#core/verbs/webhooks/get-webhook.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const getWebhookRoute = defineRoute({
  contract: getWebhookContract,
  policy: { auth: 'api-key', scope: 'webhooks:manage', limit: 'read', keyCheck: 'first' },
  async handle({ services, actor, params }) {
    return answer(200, await getWebhook(services, actor, params.webhook_id))
  },
})
