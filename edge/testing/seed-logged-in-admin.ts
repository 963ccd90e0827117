import { newId, type AdminId, type AdminSessionId } from '#contracts/ids.ts'
import { newRefreshSecret, writeRefreshToken } from '#core/rules/refresh-token.ts'
import { sha256Hex } from '#core/rules/sha256.ts'
import type { AdminRole } from '#contracts/roles.ts'
import { seedAdmin } from '#core/testing/seed.ts'
import type { TestEdge } from './test-edge.ts'

export interface LoggedInAdmin {
  adminId: AdminId
  sessionId: AdminSessionId
  /** Access token. */
  token: string
  refreshToken: string
}

/** An admin with a live session. */
export async function seedLoggedInAdmin(
  { seed, adminTokens }: Pick<TestEdge, 'seed' | 'adminTokens'>,
  role: AdminRole = 'super_admin',
): Promise<LoggedInAdmin> {
  const adminId = await seedAdmin(seed, { role })
  const sessionId = newId('adminSession')
  const secret = newRefreshSecret()
  await seed.insert('adminSessions', {
    id: sessionId,
    adminId,
    tokenHash: await sha256Hex(secret),
    expiresAt: new Date(Date.now() + 3_600_000),
  })
  return {
    adminId,
    sessionId,
    token: await adminTokens.sign({ adminId, sessionId }),
    refreshToken: writeRefreshToken({ sessionId, secret }),
  }
}
