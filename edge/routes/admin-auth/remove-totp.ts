import { removeTotpContract } from '#contracts/http/admin-auth.ts'
import { removeTotp } from '#core/verbs/admin-auth/set-up-totp.ts'
import { noContent } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const removeTotpRoute = defineRoute({
  contract: removeTotpContract,
  policy: { auth: 'admin', role: 'viewer' },
  async handle({ services, actor, body }) {
    await removeTotp(services, actor, body)
    return noContent
  },
})
