import { logOutContract } from '#contracts/http/admin-auth.ts'
import { logOut } from '#core/verbs/admin-auth/log-out.ts'
import { noContent } from '#edge/routes/answers.ts'
import { defineRoute } from '#edge/routes/define-route.ts'
import { clearRefreshCookie, readRefreshCookie } from './refresh-cookie.ts'

export const logOutRoute = defineRoute({
  contract: logOutContract,
  policy: { auth: 'cookie' },
  async handle({ services, headers, origin }) {
    await logOut(services, origin, readRefreshCookie(headers.cookie))
    return { ...noContent, headers: clearRefreshCookie }
  },
})
