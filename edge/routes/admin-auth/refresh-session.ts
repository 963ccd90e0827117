import { refreshSessionContract } from '#contracts/http/admin-auth.ts'
import { presentAccess } from '#core/rules/present-admin.ts'
import { refreshSession } from '#core/verbs/admin-auth/refresh-session.ts'
import { answer } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'
import { readRefreshCookie, setRefreshCookie } from './refresh-cookie.ts'

export const refreshSessionRoute = defineRoute({
  contract: refreshSessionContract,
  policy: { auth: 'cookie' },
  async handle({ services, headers, origin }) {
    const session = await refreshSession(services, origin, readRefreshCookie(headers.cookie))
    const { refreshToken } = session
    return answer(200, presentAccess(session), refreshToken === undefined ? {} : setRefreshCookie(refreshToken))
  },
})
