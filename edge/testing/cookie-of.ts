import { refreshCookie } from '#contracts/http/admin-auth.ts'
import { testDashboard } from './test-config.ts'

/** What a page of the dashboard sends by itself. */
export function cookieOf(refreshToken: string, origin = testDashboard): Record<string, string> {
  return { cookie: `theme=dark; ${refreshCookie.name}=${refreshToken}`, origin }
}
