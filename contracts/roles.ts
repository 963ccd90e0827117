import { z } from 'zod'

/** What an admin may do; each role may do all that those before it may. A viewer only reads. */
export const adminRoles = ['viewer', 'admin', 'super_admin'] as const
export type AdminRole = (typeof adminRoles)[number]
export const adminRoleSchema = z.enum(adminRoles).meta({
  id: 'AdminRole',
  description: '`viewer` reads, `admin` changes servers and customers, `super_admin` also manages admins.',
})
