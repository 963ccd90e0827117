import { newId } from '#contracts/ids.ts'
import { readRefreshToken } from '#core/rules/refresh-token.ts'
import { sha256Hex } from '#core/rules/sha256.ts'
import type { AdminApp, Origin } from '#core/verbs/admin-app.ts'

/** Ends the session of a refresh token. A token that is none, or whose session has ended, changes nothing. */
export async function logOut(
  app: Pick<AdminApp, 'adminSessions'>,
  origin: Origin,
  presented: string | undefined,
): Promise<void> {
  const token = readRefreshToken(presented ?? '')
  if (token === undefined) return
  await app.adminSessions.end(token.sessionId, await sha256Hex(token.secret), {
    id: newId('auditEntry'),
    action: 'auth.logout',
    target: token.sessionId,
    details: {},
    ...origin,
  })
}
