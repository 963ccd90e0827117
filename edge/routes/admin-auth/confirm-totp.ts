import { confirmTotpContract } from '#contracts/http/admin-auth.ts'
import { confirmTotp } from '#core/verbs/admin-auth/set-up-totp.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const confirmTotpRoute = defineRoute({
  contract: confirmTotpContract,
  policy: { auth: 'admin', role: 'viewer' },
  async handle({ services, actor, body }) {
    const { recoveryCodes } = await confirmTotp(services, actor, body.code)
    return answer(200, { recovery_codes: recoveryCodes })
  },
})
