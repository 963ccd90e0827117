import { expect, it } from 'vitest'
import { adminRoles } from '#contracts/roles.ts'
import { newId } from '#contracts/ids.ts'
import type { AdminPolicy, Route } from '#edge/routes/define-route.ts'
import { refusal, type CallOptions } from './call-of-route.ts'
import { cookieOf } from './cookie-of.ts'
import { seedLoggedInAdmin } from './seed-logged-in-admin.ts'
import type { World } from './seed-world.ts'
import type { TestEdge } from './test-edge.ts'

/** What the suite of every route gives: valid while its tests run. */
export interface Suite {
  edge: () => TestEdge
  world: () => World
  call: (route: Route, options?: CallOptions) => Promise<Response>
}

export function describeAdminPolicy(route: Route, policy: AdminPolicy, { edge, world, call }: Suite): void {
  it('refuses every access token that opens nothing with the same words', async () => {
    const { adminId, sessionId, token } = world().own.admin
    const { adminTokens, seed } = edge()
    const expired = await seedLoggedInAdmin(edge())
    await seed.update('adminSessions', { id: expired.sessionId }, { expiresAt: new Date(0) })
    const disabled = await seedLoggedInAdmin(edge())
    await seed.update('admins', { id: disabled.adminId }, { disabledAt: new Date(0) })
    const tokens = [
      null,
      'nonsense',
      `${token.slice(0, -2)}${token.endsWith('AA') ? 'BB' : 'AA'}`,
      world().own.key,
      await adminTokens.sign({ adminId, sessionId: newId('adminSession') }),
      await adminTokens.sign({ adminId: newId('admin'), sessionId }),
      expired.token,
      disabled.token,
    ]
    for (const presented of tokens) {
      expect(await refusal(await call(route, { token: presented }))).toEqual({
        status: 401,
        code: 'INVALID_ADMIN_TOKEN',
        message: 'The access token is missing or no longer good; refresh it or log in.',
        details: {},
      })
    }
  })

  it.each(adminRoles)('lets the role %s in or not, as its policy says, by the role of now', async (role) => {
    const admin = await seedLoggedInAdmin(edge(), 'super_admin')
    await edge().seed.update('admins', { id: admin.adminId }, { role })
    const response = await call(route, { token: admin.token })
    if (adminRoles.indexOf(role) >= adminRoles.indexOf(policy.role)) return expect(response.status).not.toBe(403)
    expect(await refusal(response)).toMatchObject({
      status: 403,
      code: 'FORBIDDEN',
      details: { role: `${policy.role} is needed` },
    })
  })

  it('takes no API key', async () => {
    const headers = { 'x-api-key': world().own.key }
    expect((await call(route, { token: null, headers })).status).toBe(401)
  })
}

export function describeCookiePolicy(route: Route, { world, call }: Suite): void {
  it.each(['null', 'https://evil.example', 'https://app.wharf.example.evil.example', 'http://app.wharf.example', ''])(
    'refuses requests of pages of "%s", and never allows them to read the answer',
    async (origin) => {
      const response = await call(route, { headers: cookieOf(world().own.admin.refreshToken, origin) })
      expect(response.headers.get('access-control-allow-origin')).toBeNull()
      expect(await refusal(response)).toMatchObject({ status: 403, code: 'FORBIDDEN' })
    },
  )
}
