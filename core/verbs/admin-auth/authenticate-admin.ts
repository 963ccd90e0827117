import { ApiError } from '#contracts/errors.ts'
import type { AdminRole } from '#contracts/roles.ts'
import { requireRole } from '#core/rules/admin-role.ts'
import type { AdminActor, AdminApp, Origin } from '#core/verbs/admin-app.ts'

/** Who asks, if the access token is good, its session lives and the role suffices. Throws INVALID_ADMIN_TOKEN, FORBIDDEN. */
export async function authenticateAdmin(
  app: Pick<AdminApp, 'adminTokens' | 'adminSessions'>,
  origin: Origin,
  token: string | undefined,
  needed: AdminRole,
): Promise<AdminActor> {
  const claims = token === undefined ? undefined : await app.adminTokens.verify(token)
  const standing = claims && (await app.adminSessions.standing(claims.sessionId, claims.adminId))
  if (claims === undefined || standing === undefined) {
    throw new ApiError('INVALID_ADMIN_TOKEN', 'The access token is missing or no longer good; refresh it or log in.')
  }
  requireRole(standing.role, needed)
  return { ...standing, ...origin, sessionId: claims.sessionId }
}
