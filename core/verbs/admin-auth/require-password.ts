import { ApiError } from '#contracts/errors.ts'
import type { AdminCredentials } from '#core/ports/admins.ts'
import type { AdminApp, Origin } from '#core/verbs/admin-app.ts'
import { auditAt } from '#core/verbs/audit/audit-entry.ts'
import { lockAfter, lockMs } from './log-in.ts'

/**
 * An admin who is logged in proves again that it is still the same person. Wrong passwords count as at log-in. Throws
 * INVALID_CREDENTIALS.
 */
export async function requirePassword(
  app: Pick<AdminApp, 'admins' | 'passwordHash'>,
  admin: AdminCredentials,
  password: string,
  origin: Origin,
): Promise<void> {
  if (!admin.locked && app.passwordHash.matches(password, admin.passwordHash)) return
  if (!admin.locked) {
    await app.admins.recordFailedLogIn(
      admin.id,
      { lockAfter, lockMs },
      auditAt(origin, { adminId: admin.id, action: 'auth.password_wrong', target: admin.id }),
    )
  }
  throw new ApiError('INVALID_CREDENTIALS', 'The password is wrong, or too many wrong ones were tried.')
}
