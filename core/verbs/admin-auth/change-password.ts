import { ApiError } from '#contracts/errors.ts'
import { found } from '#core/rules/not-found.ts'
import { passwordProblem } from '#core/rules/password.ts'
import type { AdminActor, AdminApp } from '#core/verbs/admin-app.ts'
import { auditOf } from '#core/verbs/audit/audit-entry.ts'
import { requirePassword } from './require-password.ts'

/** Ends the admin's other sessions. Throws VALIDATION_ERROR for a bad new password, INVALID_CREDENTIALS for a wrong old one. */
export async function changePassword(
  app: Pick<AdminApp, 'admins' | 'passwordHash'>,
  actor: AdminActor,
  passwords: { current: string; next: string },
): Promise<void> {
  const problem = passwordProblem(passwords.next)
  if (problem !== undefined) {
    throw new ApiError('VALIDATION_ERROR', 'The new password cannot be used.', { details: { new_password: problem } })
  }
  await requirePassword(app, found('admin', await app.admins.get(actor.adminId)), passwords.current, actor)
  await app.admins.setPassword(
    actor.adminId,
    { hash: app.passwordHash.hash(passwords.next), forgetTotp: false, keepSession: actor.sessionId },
    auditOf(actor, { action: 'auth.password_change', target: actor.adminId }),
  )
}
