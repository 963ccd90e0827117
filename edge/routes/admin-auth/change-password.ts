import { changePasswordContract } from '#contracts/http/admin-auth.ts'
import { changePassword } from '#core/verbs/admin-auth/change-password.ts'
import { noContent } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const changePasswordRoute = defineRoute({
  contract: changePasswordContract,
  policy: { auth: 'admin', role: 'viewer' },
  async handle({ services, actor, body }) {
    await changePassword(services, actor, { current: body.current_password, next: body.new_password })
    return noContent
  },
})
