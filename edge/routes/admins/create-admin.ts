import { createAdminContract } from '#contracts/http/admins.ts'
import { presentAdmin } from '#core/rules/present-admin.ts'
import { createAdmin } from '#core/verbs/admins/create-admin.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const createAdminRoute = defineRoute({
  contract: createAdminContract,
  policy: { auth: 'admin', role: 'super_admin' },
  async handle({ services, actor, body }) {
    const { admin, password } = await createAdmin(services, actor, body)
    return answer(201, { ...presentAdmin(admin), password })
  },
})
