import { newId } from '#contracts/ids.ts'
import { adminRoles, type AdminRole } from '#contracts/roles.ts'
import { scopes, type Scope } from '#contracts/scopes.ts'
import { newApiKey } from '#core/rules/api-key.ts'
import { seedKey } from '#core/testing/seed-actor.ts'
import type { Policy } from '#edge/routes/define-route.ts'
import { cookieOf } from '#edge/testing/cookie-of.ts'
import { seedLoggedInAdmin } from '#edge/testing/seed-logged-in-admin.ts'
import type { Tenant, World } from '#edge/testing/seed-world.ts'
import { testKeyHash, type TestEdge } from '#edge/testing/test-edge.ts'

/** Whoever sends requests, and what its credentials open. */
export interface Caller {
  name: string
  headers: Record<string, string>
  /** Whether a route of that policy may let it in. */
  may(policy: Policy): boolean
  /** The customer whose things it may see; undefined of admins and strangers. */
  tenant: Tenant | undefined
}

/** Everybody who asks: two customers, admins of each role, and those whose credentials open nothing. */
export async function seedCallers(edge: TestEdge, { own, other }: World, scope: Scope): Promise<Caller[]> {
  const revoked = await keyOf(edge, own, { revokedAt: new Date(0) })
  const expired = await keyOf(edge, own, { expiresAt: new Date(0) })
  const narrow = await keyOf(edge, own, { scopes: [scope] })
  // The super_admin is the one whose session and password the world knows.
  const roles = await Promise.all(
    adminRoles.map(async (role) => ({
      role,
      ...(role === 'super_admin' ? own.admin : await seedLoggedInAdmin(edge, role)),
    })),
  )
  const ended = await edge.adminTokens.sign({ ...own.admin, sessionId: newId('adminSession') })
  const oldLink = await edge.pairingLinks.sign({
    customerId: own.customerId,
    instanceId: own.ids.instance_id,
    expiresAt: new Date(Date.now() - 60_000),
  })
  return [
    byKey('own key', own.key, scopes, own),
    byKey("another customer's key", other.key, scopes, other),
    byKey(`own key for ${scope} alone`, narrow, [scope], own),
    ...roles.map(({ role, token }) => byAdmin(`admin token of a ${role}`, token, role)),
    { ...stranger('own pairing link', bearer(own.linkToken)), tenant: own, may: ({ auth }) => auth === 'pairing-link' },
    {
      ...stranger('cookie of an admin', cookieOf(roles.at(-1)!.refreshToken)),
      may: ({ auth }) => auth === 'cookie',
    },
    stranger('cookie of an admin on a page of others', cookieOf(roles.at(-1)!.refreshToken, 'https://evil.example')),
    stranger('nobody', {}),
    stranger('revoked key', { 'x-api-key': revoked }),
    stranger('expired key', { 'x-api-key': expired }),
    stranger('key that is none', { 'x-api-key': newApiKey('live').key }),
    stranger('broken key', { 'x-api-key': `${own.key.slice(0, -1)}!` }),
    stranger('nonsense token', bearer('nonsense')),
    stranger('unsigned token', bearer('eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1fMSJ9.')),
    stranger('token of an ended session', bearer(ended)),
    stranger('expired pairing link', bearer(oldLink)),
    stranger('key and token at once', { 'x-api-key': 'nonsense', authorization: 'Basic YTpi' }),
  ]
}

async function keyOf(edge: TestEdge, owner: Tenant, values: object): Promise<string> {
  return (await seedKey(edge.seed, owner, { hash: testKeyHash, values })).key
}

function byKey(name: string, key: string, open: readonly Scope[], tenant: Tenant): Caller {
  const may = (policy: Policy) => policy.auth === 'api-key' && open.includes(policy.scope)
  return { name, headers: { 'x-api-key': key }, tenant, may }
}

function byAdmin(name: string, token: string, role: AdminRole): Caller {
  const may = (policy: Policy) => policy.auth === 'admin' && adminRoles.indexOf(role) >= adminRoles.indexOf(policy.role)
  return { ...stranger(name, bearer(token)), may }
}

function stranger(name: string, headers: Record<string, string>): Caller {
  return { name, headers, tenant: undefined, may: () => false }
}

function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` }
}
