import { revokeApiKeyContract } from '#contracts/http/api-keys.ts'
import { revokeKey } from '#core/verbs/keys/revoke-key.ts'
import { noContent } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const revokeApiKeyRoute = defineRoute({
  contract: revokeApiKeyContract,
  policy: { auth: 'api-key', scope: 'keys:manage', limit: 'write', keyCheck: 'first' },
  async handle({ services, actor, origin, params }) {
    await revokeKey(services, actor, origin, params.api_key_id)
    return noContent
  },
})
