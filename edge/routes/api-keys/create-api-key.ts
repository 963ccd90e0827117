import { createApiKeyContract } from '#contracts/http/api-keys.ts'
import type { ApiKeyId } from '#contracts/ids.ts'
import { found } from '#core/rules/not-found.ts'
import { presentApiKey } from '#core/rules/present-api-key.ts'
import { createKey } from '#core/verbs/keys/create-key.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const createApiKeyRoute = defineRoute({
  contract: createApiKeyContract,
  policy: { auth: 'api-key', scope: 'keys:manage', limit: 'write', keyCheck: 'first', idempotent: 'hides-secret' },
  async handle({ services, actor, origin, body, once }) {
    const { key, secret } = await createKey(services, actor, origin, body, once)
    return answer(201, { ...presentApiKey(key), secret })
  },
  async tellAgain({ services, actor }, { id }: { id: ApiKeyId }) {
    const keys = await services.customerKeys.list(actor.customerId)
    return answer(
      201,
      presentApiKey(
        found(
          'api_key',
          keys?.find((key) => key.id === id),
        ),
      ),
    )
  },
})
