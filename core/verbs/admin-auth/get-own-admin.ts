import type { AdminSession } from '#core/ports/admin-sessions.ts'
import type { Admin } from '#core/ports/admins.ts'
import { found } from '#core/rules/not-found.ts'
import type { AdminActor, AdminApp } from '#core/verbs/admin-app.ts'

/** The admin who asks, with the sessions that live. */
export async function getOwnAdmin(
  app: Pick<AdminApp, 'admins' | 'adminSessions'>,
  { adminId }: AdminActor,
): Promise<{ admin: Admin; sessions: AdminSession[] }> {
  const [admin, sessions] = await Promise.all([app.admins.get(adminId), app.adminSessions.list(adminId)])
  return { admin: found('admin', admin), sessions }
}
