import { rotateSecretContract } from '#contracts/http/webhooks.ts'
import { rotateSecret } from '#core/verbs/webhooks/rotate-secret.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const rotateSecretRoute = defineRoute({
  contract: rotateSecretContract,
  policy: { auth: 'api-key', scope: 'webhooks:manage', limit: 'write', keyCheck: 'first', idempotent: 'hides-secret' },
  async handle({ services, actor, params }) {
    return answer(200, await rotateSecret(services, actor, params.webhook_id))
  },
})
