import { ApiError } from '#contracts/errors.ts'
import { newId } from '#contracts/ids.ts'
import { newRefreshSecret, readRefreshToken, writeRefreshToken } from '#core/rules/refresh-token.ts'
import { sha256Hex } from '#core/rules/sha256.ts'
import type { AdminApp, Origin } from '#core/verbs/admin-app.ts'
import { startedSession, type StartedSession } from './started-session.ts'

export function sessionEnded(): ApiError {
  return new ApiError('SESSION_ENDED', 'The session has ended; log in again.')
}

/**
 * A new access token, and a new refresh token in place of the presented one. A token that was replaced before ends the
 * whole session, because one of two who hold it is a thief. Throws SESSION_ENDED.
 */
export async function refreshSession(
  app: Pick<AdminApp, 'adminSessions' | 'adminTokens'>,
  origin: Origin,
  presented: string | undefined,
): Promise<StartedSession & { refreshToken: string | undefined }> {
  const token = readRefreshToken(presented ?? '')
  if (token === undefined) throw sessionEnded()
  const { sessionId } = token
  const secret = newRefreshSecret()
  const outcome = await app.adminSessions.refresh(
    sessionId,
    { presented: await sha256Hex(token.secret), next: await sha256Hex(secret) },
    { id: newId('auditEntry'), action: 'auth.refresh_reused', details: {}, ...origin },
  )
  if (outcome.outcome === 'ended' || outcome.outcome === 'reused') throw sessionEnded()
  return {
    ...(await startedSession(app, outcome.standing, sessionId)),
    // Within the grace the browser has got the new one already, in the answer to its other tab.
    refreshToken: outcome.outcome === 'rotated' ? writeRefreshToken({ sessionId, secret }) : undefined,
  }
}
