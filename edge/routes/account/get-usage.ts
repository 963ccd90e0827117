import { getUsageContract } from '#contracts/http/usage.ts'
import { getUsage } from '#core/verbs/account/get-usage.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const getUsageRoute = defineRoute({
  contract: getUsageContract,
  policy: { auth: 'api-key', scope: 'account:read', limit: 'read', keyCheck: 'first' },
  async handle({ services, actor, query }) {
    return answer(200, await getUsage(services, actor, query))
  },
})
