import { Secret, TOTP } from 'otpauth'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { refreshCookie } from '#contracts/http/admin-auth.ts'
import type { AdminId } from '#contracts/ids.ts'
import { newPassword } from '#core/rules/password.ts'
import { seedAdmin } from '#core/testing/seed.ts'
import { hashSync } from 'bcryptjs'
import { cookieOf } from './testing/cookie-of.ts'
import { openMemoryEdge } from './testing/open-memory-edge.ts'
import { testDashboard } from './testing/test-config.ts'
import type { TestEdge } from './testing/test-edge.ts'

const password = newPassword()
// Its lowest cost, which verifies as any other.
const passwordHash = hashSync(password, 4)

let edge: TestEdge
let adminId: AdminId
let email: string
beforeAll(async () => {
  edge = await openMemoryEdge()
})
afterAll(() => edge.close())
beforeEach(async () => {
  adminId = await seedAdmin(edge.seed, { passwordHash })
  email = `${adminId}@example.com`
})

interface Answer {
  status: number
  code: string | undefined
  data: Record<string, string>
  cookie: string | undefined
}

async function post(path: string, body?: object, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await edge.request(`/api/admin/auth/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: body === undefined ? null : JSON.stringify(body),
  })
  const text = await response.text()
  const { data, error } = (text === '' ? {} : JSON.parse(text)) as {
    data?: Record<string, string>
    error?: { code: string }
  }
  const [, cookie] = /^wharf_refresh=([^;]*)/.exec(response.headers.get('set-cookie') ?? '') ?? []
  return { status: response.status, code: error?.code, data: data ?? {}, cookie }
}

const logIn = (values: object = {}) => post('login', { email, password, ...values })
const bearer = (token: string | undefined) => ({ authorization: `Bearer ${token}` })
const me = async (token: string | undefined) =>
  (await edge.request('/api/admin/auth/me', { headers: bearer(token) })).status
const actions = async () =>
  (await edge.seed.rows('auditLogs'))
    .filter(({ target }) => target === adminId || target === email)
    .map((row) => row.action)

describe('a log-in', () => {
  it('gives an access token, and a refresh token that no script can read and no other site sends', async () => {
    const response = await edge.request('/api/admin/auth/login', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'cf-connecting-ip': '203.0.113.9', 'user-agent': 'Firefox' },
      body: JSON.stringify({ email: email.toUpperCase(), password }),
    })
    expect(response.status).toBe(200)
    const cookie = response.headers.get('set-cookie') ?? ''
    for (const attribute of ['HttpOnly', 'Secure', 'SameSite=Strict', `Path=${refreshCookie.path}`]) {
      expect(cookie.split('; ')).toContain(attribute)
    }
    const { data } = (await response.json()) as { data: { access_token: string } }
    expect(JSON.stringify(data)).not.toContain(cookie.slice(14, 50))
    const own = await edge.request('/api/admin/auth/me', { headers: bearer(data.access_token) })
    expect(await own.json()).toMatchObject({
      data: { email, sessions: [{ current: true, address: '203.0.113.9', user_agent: 'Firefox' }] },
    })
    const [stored] = await edge.seed.rows('adminSessions', { adminId })
    expect(cookie).not.toContain(stored?.tokenHash)
  })

  it('says the same of a wrong password, an unknown address, a disabled admin and a locked one', async () => {
    const wrong = await logIn({ password: 'wrong' })
    expect(wrong).toEqual({ status: 401, code: 'INVALID_CREDENTIALS', data: {}, cookie: undefined })
    expect(await logIn({ email: 'nobody@example.com' })).toEqual(wrong)
    await edge.seed.update('admins', { id: adminId }, { lockedUntil: new Date(Date.now() + 60_000) })
    expect(await logIn()).toEqual(wrong)
    await edge.seed.update('admins', { id: adminId }, { lockedUntil: null, disabledAt: new Date() })
    expect(await logIn()).toEqual(wrong)
  })

  it('is locked for a while after ten wrong passwords, and a locked one counts no further', async () => {
    for (let attempt = 0; attempt < 10; attempt += 1) await logIn({ password: 'wrong' })
    expect((await logIn()).code).toBe('INVALID_CREDENTIALS')
    const [locked] = await edge.seed.rows('admins', { id: adminId })
    expect(locked).toMatchObject({ failedLogIns: 0 })
    expect(locked?.lockedUntil?.getTime()).toBeGreaterThan(Date.now())
    await edge.seed.update('admins', { id: adminId }, { lockedUntil: new Date(0) })
    expect((await logIn()).status).toBe(200)
    expect(await actions()).toEqual([...Array.from({ length: 11 }, () => 'auth.login_failed'), 'auth.login'])
  })
})

describe('an authenticator app', () => {
  const codeOf = (secret: string, offsetSeconds = 0) =>
    new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + offsetSeconds * 1000 })

  async function setUp() {
    const token = (await logIn()).data['access_token']
    const { data: begun } = await post('totp', undefined, bearer(token))
    expect(begun['qr_svg']).toMatch(/^<svg /)
    expect((await post('totp/confirm', { code: '000000' }, bearer(token))).status).toBe(400)
    const secret = begun['secret']!
    const { data: confirmed } = await post('totp/confirm', { code: codeOf(secret, -30) }, bearer(token))
    return { token, secret, codes: confirmed['recovery_codes'] as unknown as string[] }
  }

  it('is asked for after the right password only, and each code works once', async () => {
    const { secret } = await setUp()
    expect((await logIn({ password: 'wrong' })).code).toBe('INVALID_CREDENTIALS')
    expect((await logIn()).code).toBe('TOTP_REQUIRED')
    expect((await logIn({ code: '000000' })).code).toBe('INVALID_CREDENTIALS')
    const code = codeOf(secret)
    expect((await logIn({ code })).status).toBe(200)
    expect((await logIn({ code })).code).toBe('INVALID_CREDENTIALS')
  })

  it('that is lost is replaced by a recovery code, each good once, kept as a hash', async () => {
    const { codes } = await setUp()
    expect(codes).toHaveLength(10)
    expect((await logIn({ code: codes[0]!.toUpperCase() })).status).toBe(200)
    expect((await logIn({ code: codes[0] })).code).toBe('INVALID_CREDENTIALS')
    expect(JSON.stringify(await edge.seed.rows('admins', { id: adminId }))).not.toContain(codes[1])
  })

  it('is removed by password and code, both', async () => {
    const { token, codes } = await setUp()
    const remove = (body: object) => post('totp/remove', body, bearer(token))
    expect((await remove({ password: 'wrong', code: codes[0] })).code).toBe('INVALID_CREDENTIALS')
    expect((await remove({ password, code: '000000' })).code).toBe('INVALID_CREDENTIALS')
    expect((await remove({ password, code: codes[1] })).status).toBe(204)
    expect((await logIn()).status).toBe(200)
  })
})

describe('a session', () => {
  it('goes on by its cookie; two tabs at once both get in, an old token later ends it for all', async () => {
    const first = await logIn()
    const refresh = (token: string | undefined) => post('refresh', undefined, cookieOf(token ?? ''))
    const tabs = [await refresh(first.cookie), await refresh(first.cookie)]
    expect(tabs.map(({ status }) => status)).toEqual([200, 200])
    expect(tabs[1]?.cookie).toBeUndefined()
    const second = await refresh(tabs[0]?.cookie)
    await edge.seed.update('adminSessions', { adminId }, { rotatedAt: new Date(Date.now() - 60_000) })
    expect((await refresh(tabs[0]?.cookie)).code).toBe('SESSION_ENDED')
    expect((await refresh(second.cookie)).code).toBe('SESSION_ENDED')
    expect(await me(second.data['access_token'])).toBe(401)
  })

  it('ends at the log-out, at once, and only for who logs out', async () => {
    const [one, other] = [await logIn(), await logIn()]
    const out = await post('logout', undefined, cookieOf(one.cookie ?? ''))
    expect([out.status, out.cookie]).toEqual([204, ''])
    expect([await me(one.data['access_token']), await me(other.data['access_token'])]).toEqual([401, 200])
    expect((await post('logout', undefined, cookieOf(one.cookie ?? ''))).status).toBe(204)
  })

  it('ends everywhere, with a word', async () => {
    const [one, other] = [await logIn(), await logIn()]
    const ended = await post('logout-everywhere', undefined, bearer(one.data['access_token']))
    expect(ended.data).toEqual({ ended: 2 })
    expect([await me(one.data['access_token']), await me(other.data['access_token'])]).toEqual([401, 401])
  })

  it('outlives a new password only where it was chosen', async () => {
    const [one, other] = [await logIn(), await logIn()]
    const change = (next: string, current = password) =>
      post('password', { current_password: current, new_password: next }, bearer(one.data['access_token']))
    for (const bad of ['short', 'x'.repeat(73), 'aaaaaaaaaaaaaaaa']) expect((await change(bad)).status).toBe(400)
    expect((await change('a new long password', 'wrong')).code).toBe('INVALID_CREDENTIALS')
    expect((await change('a new long password')).status).toBe(204)
    expect([await me(one.data['access_token']), await me(other.data['access_token'])]).toEqual([200, 401])
    expect((await logIn()).code).toBe('INVALID_CREDENTIALS')
    expect((await logIn({ password: 'a new long password' })).status).toBe(200)
  })
})

describe('pages of other origins', () => {
  const preflight = (origin: string) =>
    edge.request('/api/admin/admins', {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
    })

  it('may read the admin API if they are the dashboard', async () => {
    const response = await preflight(testDashboard)
    expect(response.status).toBe(204)
    expect(response.headers.get('access-control-allow-origin')).toBe(testDashboard)
    expect(response.headers.get('access-control-allow-credentials')).toBe('true')
  })

  it.each(['https://evil.example', 'null', `${testDashboard}.evil.example`])(
    'may not if they are %s',
    async (origin) => {
      const response = await preflight(origin)
      expect(response.headers.get('access-control-allow-origin')).toBeNull()
      expect(response.status).toBe(405)
    },
  )
})
