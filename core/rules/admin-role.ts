import { ApiError } from '#contracts/errors.ts'
import { adminRoles, type AdminRole } from '#contracts/roles.ts'

/** Throws FORBIDDEN unless the role may do what `needed` may. */
export function requireRole(role: AdminRole, needed: AdminRole): void {
  if (adminRoles.indexOf(role) >= adminRoles.indexOf(needed)) return
  throw new ApiError('FORBIDDEN', 'Your role may not do that.', { details: { role: `${needed} is needed` } })
}
