import type { AdminId } from '#contracts/ids.ts'
import { notFound } from '#core/rules/not-found.ts'
import { newPassword } from '#core/rules/password.ts'
import type { AdminActor, AdminApp } from '#core/verbs/admin-app.ts'
import { auditOf } from '#core/verbs/audit/audit-entry.ts'

/**
 * For an admin who lost password or authenticator app: a new random password, shown this once; no code is asked for any
 * more and all sessions end. Throws NOT_FOUND.
 */
export async function resetAdmin(
  app: Pick<AdminApp, 'admins' | 'passwordHash'>,
  actor: AdminActor,
  id: AdminId,
): Promise<{ password: string }> {
  const password = newPassword()
  const done = await app.admins.setPassword(
    id,
    { hash: app.passwordHash.hash(password), forgetTotp: true },
    auditOf(actor, { action: 'admin.reset', target: id }),
  )
  if (!done) throw notFound('admin')
  return { password }
}
