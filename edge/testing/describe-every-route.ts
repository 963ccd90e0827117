import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { failureSchema } from '#contracts/envelope.ts'
import { newId, type IdKind } from '#contracts/ids.ts'
import { scopes } from '#contracts/scopes.ts'
import { newApiKey } from '#core/rules/api-key.ts'
import { seedKey, type SeedKeyOptions } from '#core/testing/seed-actor.ts'
import type { OpenApi } from '#edge/openapi/open-api.ts'
import type { KeyPolicy, Policy, Route } from '#edge/routes/define-route.ts'
import { routeTable } from '#edge/routes/route-table.ts'
import { refusal, type CallOptions } from './call-of-route.ts'
import { cookieOf } from './cookie-of.ts'
import { describeAdminPolicy, describeCookiePolicy } from './describe-admin-policy.ts'
import { readDocumentedAnswers, type DocumentedAnswers } from './documented-answers.ts'
import { describeGuestPolicy } from './describe-guest-policy.ts'
import { probeAnswers, probeOf } from './route-probes.ts'
import { seedTenant, seedWorld, type Tenant, type World } from './seed-world.ts'
import { testKeyHash, type TestEdge } from './test-edge.ts'

/** What must hold for each route of the table, whatever it does. */
export function describeEveryRoute(open: () => Promise<TestEdge>): void {
  let edge: TestEdge
  let world: World
  let documented: DocumentedAnswers
  beforeAll(async () => {
    edge = await open()
    documented = readDocumentedAnswers((await (await edge.request('/openapi.json')).json()) as OpenApi)
    Object.assign(edge.worker.answers, probeAnswers)
    world = await seedWorld(edge)
  })
  afterAll(() => edge.close())
  beforeEach(async () => {
    world.own = await seedTenant(edge, world.serverId)
  })

  function credentials(policy: Policy, { key = world.own.key, token }: CallOptions) {
    if (policy.auth === 'admin') return bearer(token, world.own.admin.token)
    if (policy.auth === 'pairing-link') return bearer(token, world.own.linkToken)
    if (policy.auth === 'cookie') return cookieOf(world.own.admin.refreshToken)
    return key === null ? {} : { 'x-api-key': key }
  }

  async function call({ contract, policy }: Route, options: CallOptions = {}): Promise<Response> {
    const ids: Record<string, string> = { ...world.own.ids, ...options.ids }
    const path = contract.path.replace(/:(\w+)/g, (_match, name: string) => ids[name] ?? '')
    const { body = probeOf(contract).body, contentType = 'application/json' } = options
    const headers = { ...credentials(policy, options), 'content-type': contentType, ...options.headers }
    const rawBody = options.rawBody ?? (body === undefined ? null : JSON.stringify(body))
    const response = await edge.request(path + (options.query ?? ''), {
      method: contract.method,
      headers,
      body: contract.method === 'GET' ? null : rawBody,
    })
    if (!response.ok) expect(documented.problems(contract, response, await response.clone().text())).toEqual([])
    return response
  }

  const ownKey = async (options: SeedKeyOptions) =>
    (await seedKey(edge.seed, world.own, { hash: testKeyHash, ...options })).key

  for (const route of routeTable) {
    const { contract, policy } = route
    describe(`${contract.method} ${contract.path}`, () => {
      it('answers as its contract says', async () => {
        const response = await call(route)
        expect(response.status).toBe(probeOf(contract).status)
        expect(response.headers.get('x-request-id')).toMatch(/^req_/)
        const schema = contract.responses[response.status]
        const text = await response.text()
        if (!response.ok) failureSchema.parse(JSON.parse(text))
        else if (schema) schema.parse(JSON.parse(text))
        else if (contract.otherMedia === undefined) expect(text).toBe('')
        expect(documented.problems(contract, response, text)).toEqual([])
      })

      it('refuses unknown fields of the query', async () => {
        expect(await refusal(await call(route, { query: '?surprise=1' }))).toMatchObject({
          status: 400,
          code: 'VALIDATION_ERROR',
          details: { surprise: 'is not a known field' },
        })
      })

      it('refuses methods that it does not have', async () => {
        const has = routeTable.filter((other) => other.contract.path === contract.path)
        const method = ['PUT', 'PATCH'].find((one) => has.every((other) => other.contract.method !== one))!
        const response = await edge.request(contract.path.replace(/:\w+/g, newId('instance')), { method })
        expect(response.headers.get('allow')?.split(', ')).toContain(contract.method)
        expect(await refusal(response)).toMatchObject({ status: 405, code: 'METHOD_NOT_ALLOWED' })
      })

      if (policy.auth === 'api-key') describeKey(route, policy)
      if (policy.auth === 'api-key' && (policy.idempotent ?? 'by-nature') !== 'by-nature') describeIdempotency(route)
      if (policy.auth === 'admin') describeAdminPolicy(route, policy, { edge: () => edge, world: () => world, call })
      if (policy.auth === 'cookie') describeCookiePolicy(route, { edge: () => edge, world: () => world, call })
      if (policy.auth === 'pairing-link') describeGuestPolicy(route, { edge: () => edge, world: () => world, call })
      if (contract.params !== undefined) describeIds(route)
      if (contract.method !== 'GET') describeBody(route)
    })
  }

  function describeKey(route: Route, policy: KeyPolicy): void {
    it('refuses every key that opens nothing with the same words', async () => {
      const broken = world.own.key.slice(0, -1) + (world.own.key.endsWith('0') ? '1' : '0')
      const keys = [
        null,
        '',
        'nonsense',
        broken,
        newApiKey('live').key,
        await ownKey({ values: { revokedAt: new Date(0) } }),
        await ownKey({ values: { expiresAt: new Date(0) } }),
      ]
      for (const key of keys) {
        expect(await refusal(await call(route, { key }))).toEqual({
          status: 401,
          code: 'INVALID_API_KEY',
          message: 'The API key is missing, malformed, unknown, revoked or expired.',
          details: {},
        })
      }
    })

    it('refuses a key without its scope, and no other', async () => {
      const others = await ownKey({ values: { scopes: scopes.filter((scope) => scope !== policy.scope) } })
      expect(await refusal(await call(route, { key: others }))).toMatchObject({
        status: 403,
        code: 'FORBIDDEN',
        details: { scope: `${policy.scope} is needed` },
      })
      const only = await ownKey({ values: { scopes: [policy.scope] } })
      expect((await call(route, { key: only })).status).toBe(probeOf(route.contract).status)
    })

    it('refuses a key from an address that is not in its networks, and no other', async () => {
      const key = await ownKey({ values: { allowedAddresses: ['192.0.2.0/24', '2001:db8::/32'] } })
      const from = (address: string) =>
        call(route, { key, headers: { 'cf-connecting-ip': address, 'x-local-client-address': address } })
      expect(await refusal(await from('198.51.100.7'))).toMatchObject({
        status: 403,
        code: 'FORBIDDEN',
        details: { address: "is not in the key's allowed_addresses" },
      })
      expect((await from('::ffff:192.0.2.7')).status).toBe(probeOf(route.contract).status)
    })

    it('takes the key as a bearer token too', async () => {
      const { contract } = route
      const path = contract.path.replace(
        /:(\w+)/g,
        (_match, name: string) => world.own.ids[name as keyof Tenant['ids']],
      )
      const { body } = probeOf(contract)
      const response = await edge.request(path, {
        method: contract.method,
        headers: { authorization: `Bearer ${world.own.key}`, 'content-type': 'application/json' },
        body: body === undefined ? null : JSON.stringify(body),
      })
      expect(response.status).toBe(probeOf(contract).status)
    })

    it('refuses a suspended account, and the keys of a deleted one', async () => {
      await edge.seed.update('customers', { id: world.own.customerId }, { status: 'suspended' })
      expect(await refusal(await call(route))).toMatchObject({ status: 403, code: 'ACCOUNT_SUSPENDED' })
      await edge.seed.update('customers', { id: world.own.customerId }, { deletedAt: new Date() })
      expect(await refusal(await call(route))).toMatchObject({ status: 401, code: 'INVALID_API_KEY' })
    })

    it('refuses a key that was revoked after it was used', async () => {
      await call(route)
      await edge.seed.update('apiKeys', { customerId: world.own.customerId }, { revokedAt: new Date(0) })
      expect(await refusal(await call(route))).toMatchObject({ status: 401, code: 'INVALID_API_KEY' })
    })
  }

  function describeIdempotency(route: Route): void {
    it('acts once per Idempotency-Key, repeats its answer without a secret, and refuses another request', async () => {
      const { contract } = route
      const headers = { 'idempotency-key': newId('request') }
      const first = await call(route, { headers })
      expect(first.headers.get('idempotent-replayed')).toBeNull()
      const { data } = (await first.json()) as { data: Record<string, unknown> }
      const { secret, ...shown } = data
      const second = await call(route, { headers })
      expect({ status: second.status, replayed: second.headers.get('idempotent-replayed') }).toEqual({
        status: first.status,
        replayed: 'true',
      })
      const body: unknown = await second.json()
      contract.responses[second.status]?.parse(body)
      expect(body).toEqual({
        success: true,
        data: secret === undefined ? shown : { ...shown, secret_shown: false },
      })
      const kept = await edge.seed.rows('idempotentRequests', { customerId: world.own.customerId })
      expect(JSON.stringify(kept)).not.toContain('whsec_')
      const other = otherRequest(route)
      expect(await refusal(await call(other.route, { headers, body: other.body }))).toMatchObject({
        status: 422,
        code: 'IDEMPOTENCY_MISMATCH',
      })
    })

    it('acts once for twins that come at once: the other gets the same answer, or is told to ask again', async () => {
      const headers = { 'idempotency-key': newId('request') }
      const twins = await Promise.all([call(route, { headers }), call(route, { headers })])
      const { status } = probeOf(route.contract)
      const acted = twins.filter((twin) => twin.status === status && !twin.headers.has('idempotent-replayed'))
      expect(acted).toHaveLength(1)
      const told = twins.filter(
        (twin) => twin.headers.has('idempotent-replayed') || (twin.status === 409 && twin.headers.has('retry-after')),
      )
      expect(told).toHaveLength(1)
    })
  }

  function describeIds(route: Route): void {
    const names = Object.keys(route.contract.params?.shape ?? {}) as (keyof Tenant['ids'])[]
    const ofNobody: (keyof Tenant['ids'])[] = ['admin_id', 'customer_id', 'server_id', 'alert_id']
    const isAdmins = route.policy.auth === 'admin'
    it.each(names)("answers another's, an unknown and a malformed %s alike", async (name) => {
      const kind = kindOf(name)
      const ids = [
        // Every admin who may manage admins, customers, servers, alerts or instances may manage all.
        ...(ofNobody.includes(name) || (isAdmins && name === 'instance_id') ? [] : [world.other.ids[name]]),
        newId(kind),
        newId(kind === 'instance' ? 'message' : 'instance'),
        'nonsense',
        '%00',
        '..%2f..%2fhealth',
        `${newId(kind)}x`,
        newId(kind).toUpperCase(),
        "'%20OR%201=1--",
        'a'.repeat(2000),
      ]
      const answers = await Promise.all(ids.map(async (id) => refusal(await call(route, { ids: { [name]: id } }))))
      expect(answers[0]).toMatchObject({ status: 404, code: 'NOT_FOUND', message: /^There is no such / })
      expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    })

    it.each(names)('refuses a malformed %s only after the key', async (name) => {
      const revoked = await ownKey({ values: { revokedAt: new Date(0) } })
      const token = await edge.adminTokens.sign({ ...world.own.admin, sessionId: newId('adminSession') })
      expect((await call(route, { key: revoked, token, ids: { [name]: 'nonsense' } })).status).toBe(401)
    })
  }

  function describeBody(route: Route): void {
    const { contract } = route
    const good = probeOf(contract).body

    it('refuses unknown fields', async () => {
      const body = { ...good, surprise: 1 }
      expect(await refusal(await call(route, { body }))).toMatchObject({
        status: 400,
        code: 'VALIDATION_ERROR',
        details: { surprise: 'is not a known field' },
      })
    })

    it('refuses a field called __proto__', async () => {
      const rawBody = JSON.stringify({ ...good }).replace('{', `{"__proto__":{}${good === undefined ? '' : ','}`)
      expect((await call(route, { rawBody })).status).toBe(400)
    })

    it.each([
      ['broken JSON', '{"a":', 'is not JSON'],
      ['text that is not UTF-8', new Uint8Array([0x22, 0xff, 0x22]), 'is not UTF-8'],
      ['JSON nested too deep', `{"a":${'['.repeat(32)}${']'.repeat(32)}}`, 'is nested deeper than 32 levels'],
      ['JSON nested 10,000 deep', '['.repeat(10_000), 'is nested deeper than 32 levels'],
    ])('refuses %s', async (_what, rawBody, problem) => {
      expect(await refusal(await call(route, { rawBody }))).toMatchObject({
        status: 400,
        code: 'VALIDATION_ERROR',
        details: { body: problem },
      })
    })

    it.each([['null'], ['[]'], ['1'], ['"text"']])('refuses a body of %s', async (rawBody) => {
      expect(await refusal(await call(route, { rawBody }))).toMatchObject({ status: 400, code: 'VALIDATION_ERROR' })
    })

    it('refuses a body of more than 256 KB', async () => {
      const rawBody = JSON.stringify({ ...good, surprise: 'x'.repeat(256 * 1024) })
      expect(await refusal(await call(route, { rawBody }))).toMatchObject({ status: 413, code: 'PAYLOAD_TOO_LARGE' })
    })

    it('refuses any other content type', async () => {
      for (const contentType of ['text/plain', 'application/json; charset=latin1', 'multipart/form-data', '']) {
        const response = await call(route, { contentType, rawBody: '{}' })
        expect(await refusal(response)).toMatchObject({ status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' })
      }
    })

    if (good !== undefined) {
      it('refuses a missing body', async () => {
        const response = await call(route, { rawBody: '' })
        expect(await refusal(response)).toMatchObject({ status: 400, details: { body: 'is required' } })
      })
    }
  }
}

/** `null` sends none. */
function bearer(token: string | null | undefined, own: string): Record<string, string> {
  return token === null ? {} : { authorization: `Bearer ${token ?? own}` }
}

/** A good request that is not the route's probe, and whose key is kept where the probe's is. */
function otherRequest(route: Route): { route: Route; body: unknown } {
  const { contract, policy } = route
  const body = probeOf(contract).body
  if (policy.auth === 'api-key' && policy.idempotent === 'in-verb') {
    const recipient = body?.['phone'] === undefined ? 'to' : 'phone'
    return { route, body: { ...body, [recipient]: '+5511999990003' } }
  }
  const id = contract.id === 'createInstance' ? 'createWebhook' : 'createInstance'
  const other = routeTable.find((one) => one.contract.id === id)!
  return { route: other, body: probeOf(other.contract).body }
}

function kindOf(parameter: string): IdKind {
  if (parameter === 'session_id') return 'adminSession'
  return parameter === 'api_key_id' ? 'apiKey' : (parameter.replace(/_id$/, '') as IdKind)
}
