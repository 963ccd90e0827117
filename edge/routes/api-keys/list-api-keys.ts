import { listApiKeysContract } from '#contracts/http/api-keys.ts'
import { found } from '#core/rules/not-found.ts'
import { presentApiKey } from '#core/rules/present-api-key.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const listApiKeysRoute = defineRoute({
  contract: listApiKeysContract,
  policy: { auth: 'api-key', scope: 'keys:manage', limit: 'read', keyCheck: 'first' },
  async handle({ services, actor }) {
    const keys = found('customer', await services.customerKeys.list(actor.customerId))
    return answer(200, keys.map(presentApiKey))
  },
})
