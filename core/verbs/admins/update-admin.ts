import { ApiError } from '#contracts/errors.ts'
import type { AdminId } from '#contracts/ids.ts'
import type { Admin, AdminChanges } from '#core/ports/admins.ts'
import { notFound } from '#core/rules/not-found.ts'
import type { AdminActor, AdminApp } from '#core/verbs/admin-app.ts'
import { auditOf } from '#core/verbs/audit/audit-entry.ts'

/** Throws NOT_FOUND, and CONFLICT when nobody would be left who manages admins. */
export async function updateAdmin(
  app: Pick<AdminApp, 'admins'>,
  actor: AdminActor,
  id: AdminId,
  changes: AdminChanges,
): Promise<Admin> {
  const updated = await app.admins.update(
    id,
    changes,
    auditOf(actor, { action: 'admin.update', target: id, details: { ...changes } }),
  )
  if (updated === 'unknown') throw notFound('admin')
  if (updated === 'last-super-admin') {
    throw new ApiError('CONFLICT', 'This is the last super_admin who can log in; make another one first.')
  }
  return updated
}
