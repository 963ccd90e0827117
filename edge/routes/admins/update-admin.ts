import { updateAdminContract } from '#contracts/http/admins.ts'
import { presentAdmin } from '#core/rules/present-admin.ts'
import { updateAdmin } from '#core/verbs/admins/update-admin.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const updateAdminRoute = defineRoute({
  contract: updateAdminContract,
  policy: { auth: 'admin', role: 'super_admin' },
  async handle({ services, actor, params, body }) {
    return answer(200, presentAdmin(await updateAdmin(services, actor, params.admin_id, body)))
  },
})
