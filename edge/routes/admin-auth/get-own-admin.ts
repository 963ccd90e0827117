import { getOwnAdminContract } from '#contracts/http/admin-auth.ts'
import { presentSession } from '#core/rules/present-admin.ts'
import { getOwnAdmin } from '#core/verbs/admin-auth/get-own-admin.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'

export const getOwnAdminRoute = defineRoute({
  contract: getOwnAdminContract,
  policy: { auth: 'admin', role: 'viewer' },
  async handle({ services, actor }) {
    const { admin, sessions } = await getOwnAdmin(services, actor)
    return answer(200, {
      id: admin.id,
      email: admin.email,
      name: admin.name,
      role: admin.role,
      totp_enabled: admin.totpEnabled,
      recovery_codes_left: admin.recoveryCodesLeft,
      sessions: sessions.map((session) => presentSession(session, actor.sessionId)),
    })
  },
})
