import { createWebhookContract } from '#contracts/http/webhooks.ts'
import type { WebhookId } from '#contracts/ids.ts'
import { createWebhook } from '#core/verbs/webhooks/create-webhook.ts'
import { getWebhook } from '#core/verbs/webhooks/get-webhook.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const createWebhookRoute = defineRoute({
  contract: createWebhookContract,
  policy: { auth: 'api-key', scope: 'webhooks:manage', limit: 'write', keyCheck: 'first', idempotent: 'hides-secret' },
  async handle({ services, actor, body, ownHost, once }) {
    const input = { ...body, instanceId: body.instance_id, ownHost }
    return answer(201, await createWebhook(services, actor, input, once))
  },
  async tellAgain({ services, actor }, { id }: { id: WebhookId }) {
    return answer(201, await getWebhook(services, actor, id))
  },
})
