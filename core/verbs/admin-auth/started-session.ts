import type { AdminSessionId } from '#contracts/ids.ts'
import type { AdminStanding } from '#core/ports/admin-sessions.ts'
import { accessTokenLifetimeSeconds } from '#core/ports/admin-tokens.ts'
import type { AdminApp } from '#core/verbs/admin-app.ts'

export interface StartedSession {
  accessToken: string
  expiresInSeconds: number
  standing: AdminStanding
}

/** An access token for a session. */
export async function startedSession(
  { adminTokens }: Pick<AdminApp, 'adminTokens'>,
  standing: AdminStanding,
  sessionId: AdminSessionId,
): Promise<StartedSession> {
  return {
    accessToken: await adminTokens.sign({ adminId: standing.adminId, sessionId }),
    expiresInSeconds: accessTokenLifetimeSeconds,
    standing,
  }
}
