import { rotateSecretContract } from '#contracts/http/webhooks.ts'
import { getWebhook } from '#core/verbs/webhooks/get-webhook.ts'
import { rotateSecret } from '#core/verbs/webhooks/rotate-secret.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const rotateSecretRoute = defineRoute({
  contract: rotateSecretContract,
  policy: { auth: 'api-key', scope: 'webhooks:manage', limit: 'write', keyCheck: 'first', idempotent: 'hides-secret' },
  async handle({ services, actor, params, once }) {
    return answer(200, await rotateSecret(services, actor, params.webhook_id, once))
  },
  async tellAgain({ services, actor, params }, effect: { previous_secret_until: string }) {
    return answer(200, { ...(await getWebhook(services, actor, params.webhook_id)), ...effect })
  },
})
