import { updateWebhookContract } from '#contracts/http/webhooks.ts'
import { updateWebhook } from '#core/verbs/webhooks/update-webhook.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const updateWebhookRoute = defineRoute({
  contract: updateWebhookContract,
  policy: { auth: 'api-key', scope: 'webhooks:manage', limit: 'write', keyCheck: 'first' },
  async handle({ services, actor, params, body, ownHost }) {
    return answer(200, await updateWebhook(services, actor, { id: params.webhook_id, change: body, ownHost }))
  },
})
