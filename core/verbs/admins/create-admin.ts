import { ApiError } from '#contracts/errors.ts'
import { newId } from '#contracts/ids.ts'
import type { AdminRole } from '#contracts/roles.ts'
import type { Admin } from '#core/ports/admins.ts'
import { found } from '#core/rules/not-found.ts'
import { newPassword } from '#core/rules/password.ts'
import type { AdminActor, AdminApp } from '#core/verbs/admin-app.ts'
import { auditOf } from '#core/verbs/audit/audit-entry.ts'

/** With a random password that is shown this once. Throws CONFLICT when the address is taken. */
export async function createAdmin(
  app: Pick<AdminApp, 'admins' | 'passwordHash'>,
  actor: AdminActor,
  input: { email: string; name: string; role: AdminRole },
): Promise<{ admin: Admin; password: string }> {
  const id = newId('admin')
  const password = newPassword()
  const audit = auditOf(actor, {
    action: 'admin.create',
    target: id,
    details: { email: input.email, role: input.role },
  })
  const created = await app.admins.create({ ...input, id, passwordHash: app.passwordHash.hash(password) }, audit)
  if (!created) {
    throw new ApiError('CONFLICT', 'There is an admin with this e-mail address.', { details: { email: 'is taken' } })
  }
  return { admin: found('admin', await app.admins.get(id)), password }
}
