import type { MiddlewareHandler } from 'hono'
import { authenticateAdmin } from '#core/verbs/admin-auth/authenticate-admin.ts'
import type { EdgeEnv } from '#edge/edge-env.ts'
import type { AdminPolicy } from '#edge/routes/define-route.ts'
import { bearerToken } from './bearer-token.ts'
import { originOf } from './origin-of.ts'

/** Proves the access token, and reads in one request whether its session lives and what its admin may do now. */
export function authorizeAdmin(policy: AdminPolicy): MiddlewareHandler<EdgeEnv> {
  return async (c, next) => {
    const token = bearerToken((name) => c.req.header(name))
    const admin = await authenticateAdmin(c.var.services, originOf(c), token, policy.role)
    c.set('admin', admin)
    c.var.record.admin_id = admin.adminId
    await next()
  }
}
