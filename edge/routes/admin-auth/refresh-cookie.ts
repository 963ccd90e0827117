import { refreshCookie } from '#contracts/http/admin-auth.ts'
import { sessionIdleMs } from '#core/ports/admin-sessions.ts'

const attributes = `Path=${refreshCookie.path}; HttpOnly; Secure; SameSite=Strict`

/** Sets the refresh token where only the log-in paths see it; no script can read it. */
export function setRefreshCookie(token: string): { 'Set-Cookie': string } {
  return { 'Set-Cookie': `${refreshCookie.name}=${token}; ${attributes}; Max-Age=${sessionIdleMs / 1000}` }
}

export const clearRefreshCookie = { 'Set-Cookie': `${refreshCookie.name}=; ${attributes}; Max-Age=0` }

/** The refresh token of a `Cookie` header; undefined when there is none. */
export function readRefreshCookie(cookie: string | undefined): string | undefined {
  const pairs = (cookie ?? '').split(';').map((pair) => pair.trim())
  return pairs.find((pair) => pair.startsWith(`${refreshCookie.name}=`))?.slice(refreshCookie.name.length + 1)
}
