import { deleteWebhookContract } from '#contracts/http/webhooks.ts'
import { deleteWebhook } from '#core/verbs/webhooks/delete-webhook.ts'
import { noContent } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const deleteWebhookRoute = defineRoute({
  contract: deleteWebhookContract,
  policy: { auth: 'api-key', scope: 'webhooks:manage', limit: 'write', keyCheck: 'first' },
  async handle({ services, actor, params }) {
    await deleteWebhook(services, actor, params.webhook_id)
    return noContent
  },
})
