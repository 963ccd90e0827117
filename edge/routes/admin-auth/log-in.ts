import { logInContract } from '#contracts/http/admin-auth.ts'
import { presentAccess } from '#core/rules/present-admin.ts'
import { logIn } from '#core/verbs/admin-auth/log-in.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'
import { setRefreshCookie } from './refresh-cookie.ts'

export const logInRoute = defineRoute({
  contract: logInContract,
  policy: { auth: 'none' },
  async handle({ services, body, origin, userAgent }) {
    const session = await logIn(services, origin, { ...body, code: body.code, userAgent })
    return answer(200, presentAccess(session), setRefreshCookie(session.refreshToken))
  },
})
