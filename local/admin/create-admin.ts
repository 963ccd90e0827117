import { drizzle } from 'drizzle-orm/node-postgres'
import { newId } from '#contracts/ids.ts'
import type { AdminRole } from '#contracts/roles.ts'
import { newPassword } from '#core/rules/password.ts'
import { createPool } from '#db/clients/pg-pool.ts'
import { insertAdmin } from '#db/edge-stores/insert-admin.ts'
import { bcryptPasswordHash } from '#edge/adapters/password-hash.ts'
import { UserError } from '#local/user-error.ts'

/** Straight into the database: the first admin has nobody to ask. Returns the random password, which is kept nowhere. */
export async function createAdmin(
  databaseUrl: string,
  admin: { email: string; name: string; role: AdminRole },
): Promise<string> {
  const password = newPassword()
  const id = newId('admin')
  const pool = createPool({ databaseUrl, max: 1 })
  try {
    const audit = {
      id: newId('auditEntry'),
      adminId: null,
      action: 'admin.create',
      target: id,
      address: null,
      requestId: newId('request'),
      details: { email: admin.email, role: admin.role, by: 'npm run admin:create' },
    }
    const statement = insertAdmin({ ...admin, id, passwordHash: bcryptPasswordHash.hash(password) }, audit)
    const { rows } = await drizzle({ client: pool }).execute(statement)
    if (rows.length === 0) throw new UserError(`There is an admin with the address ${admin.email} already.`)
    return password
  } catch (error) {
    throw error instanceof UserError ? error : new UserError(sayWhy(error), { cause: error })
  } finally {
    await pool.end()
  }
}

function sayWhy(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const code = (cause as { code?: string }).code
  if (code === '42P01') return 'The database has no table of admins yet; run `npm run db:migrate` first.'
  return `The database did not make the admin (${code ?? (cause as Error).name}). Is DATABASE_URL right?`
}
