import { testWebhookContract } from '#contracts/http/webhooks.ts'
import type { EventId } from '#contracts/ids.ts'
import { testWebhook } from '#core/verbs/webhooks/test-webhook.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const testWebhookRoute = defineRoute({
  contract: testWebhookContract,
  policy: { auth: 'api-key', scope: 'webhooks:manage', limit: 'write', keyCheck: 'first', idempotent: 'whole-answer' },
  async handle({ services, actor, params, once }) {
    return answer(202, await testWebhook(services, actor, params.webhook_id, once))
  },
  async tellAgain(_call, effect: { event_id: EventId }) {
    return answer(202, effect)
  },
})
