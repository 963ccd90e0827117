import { createApiKeyContract } from '#contracts/http/api-keys.ts'
import { presentApiKey } from '#core/rules/present-api-key.ts'
import { createKey } from '#core/verbs/keys/create-key.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const createApiKeyRoute = defineRoute({
  contract: createApiKeyContract,
  policy: { auth: 'api-key', scope: 'keys:manage', limit: 'write', keyCheck: 'first', idempotent: 'hides-secret' },
  async handle({ services, actor, origin, body }) {
    const { key, secret } = await createKey(services, actor, origin, body)
    return answer(201, { ...presentApiKey(key), secret })
  },
})
