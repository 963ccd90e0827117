import { resetAdminContract } from '#contracts/http/admins.ts'
import { resetAdmin } from '#core/verbs/admins/reset-admin.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const resetAdminRoute = defineRoute({
  contract: resetAdminContract,
  policy: { auth: 'admin', role: 'super_admin' },
  async handle({ services, actor, params }) {
    return answer(200, await resetAdmin(services, actor, params.admin_id))
  },
})
