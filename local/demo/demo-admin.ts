import { randomBytes } from 'node:crypto'
import { createAdmin } from '#local/admin/create-admin.ts'
import type { Stack } from '#local/stack/start-stack.ts'
import { saveState, type LocalAdmin } from '#local/stack/state.ts'

/** An admin who can log in to this stack: the one of an earlier start, or a new one with a random address and password. */
export async function prepareAdmin(stack: Stack): Promise<LocalAdmin> {
  const remembered = stack.state.admin
  if (remembered !== undefined && (await canLogIn(stack, remembered))) return remembered
  const email = `admin-${randomBytes(3).toString('hex')}@example.com`
  const password = await createAdmin(stack.database.url, { email, name: 'Local admin', role: 'super_admin' })
  stack.state.admin = { email, password }
  await saveState(stack.dataDir, stack.state)
  return stack.state.admin
}

/** False when the folder's state belongs to a database that is gone, or the password was changed. */
async function canLogIn(stack: Stack, admin: LocalAdmin): Promise<boolean> {
  const response = await fetch(`${stack.url}/api/admin/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(admin),
  })
  const { error } = (await response.json()) as { error?: { code: string } }
  return error?.code !== 'INVALID_CREDENTIALS'
}
