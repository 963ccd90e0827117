import { getAccountContract } from '#contracts/http/account.ts'
import { getAccount } from '#core/verbs/account/get-account.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const getAccountRoute = defineRoute({
  contract: getAccountContract,
  policy: { auth: 'api-key', scope: 'account:read', limit: 'read', keyCheck: 'first' },
  async handle({ services, actor }) {
    return answer(200, await getAccount(services, actor))
  },
})
