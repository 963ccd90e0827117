import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { newApiKey } from '#core/rules/api-key.ts'
import { seedKey } from '#core/testing/seed-actor.ts'
import { callInOneMinute } from './testing/call-in-one-minute.ts'
import { openWorkerdEdge, type WorkerdEdge } from './testing/open-workerd-edge.ts'
import { seedWorld, type World } from './testing/seed-world.ts'
import { testKeyHash } from './testing/test-edge.ts'

let edge: WorkerdEdge
let world: World
beforeAll(async () => {
  // These count, and a Redis that is left alone for being slow does not.
  edge = await openWorkerdEdge({ redisTimeoutMs: 10_000 })
  world = await seedWorld(edge)
})
afterAll(() => edge.close())

const ask = (path: string, address: string, headers: Record<string, string> = {}) =>
  edge.request(path, { headers: { ...headers, 'x-local-client-address': address } })
const keysOf = (address: string) => ask('/.well-known/jwks.json', address)
const withKey = (address: string, key: string) => ask('/api/v1/me', address, { 'x-api-key': key })
const count = (answers: Response[], status: number) => answers.filter((answer) => answer.status === status).length
const waitOf = (answer: Response) => Number(answer.headers.get('retry-after'))

describe('an address that asks without proving who it is', () => {
  it('gets a hundred answers a minute, and is banned for ten minutes after five more requests', async () => {
    const answers = await callInOneMinute(105, () => keysOf('192.0.2.1'))
    expect(count(answers, 200)).toBe(100)
    expect(count(answers, 429)).toBe(5)
    const banned = await keysOf('192.0.2.1')
    expect(banned.status).toBe(429)
    expect(waitOf(banned)).toBeGreaterThan(60)
    expect(waitOf(banned)).toBeLessThanOrEqual(600)
    expect(await banned.json()).toMatchObject({ error: { code: 'RATE_LIMIT_EXCEEDED', retry_after: waitOf(banned) } })
    expect((await keysOf('192.0.2.2')).status).toBe(200)
  })

  it('costs Redis nothing while it is banned, and other isolates know', async () => {
    const before = edge.redis.requests()
    expect((await keysOf('192.0.2.1')).status).toBe(429)
    expect(edge.redis.requests()).toBe(before)
    await edge.edge.restart()
    const banned = await keysOf('192.0.2.1')
    expect(banned.status).toBe(429)
    expect(waitOf(banned)).toBeGreaterThan(60)
  })

  it('is never in the way of a valid key, be it known or new', async () => {
    expect((await withKey('192.0.2.1', world.own.key)).status).toBe(200)
    const { key } = await seedKey(edge.seed, world.own, { hash: testKeyHash })
    expect((await withKey('192.0.2.1', key)).status).toBe(200)
    const admin = { authorization: `Bearer ${world.own.admin.token}` }
    expect((await ask('/api/admin/auth/me', '192.0.2.1', admin)).status).toBe(200)
    expect((await withKey('192.0.2.1', newApiKey('live').key)).status).toBe(429)
  })

  it('is one with its neighbours of an IPv6 /64', async () => {
    let neighbour = 0
    const answers = await callInOneMinute(105, () => keysOf(`2001:db8:0:1::${(++neighbour).toString(16)}`))
    expect(count(answers, 200)).toBe(100)
    expect((await keysOf('2001:db8:0:1:ffff::')).status).toBe(429)
    expect((await keysOf('2001:db8:0:2::1')).status).toBe(200)
  })

  it('cannot pass for others by headers', async () => {
    let claimed = 0
    // From this machine, as whoever fakes what Cloudflare writes.
    const answers = await callInOneMinute(105, () => {
      const forged = `198.51.100.${++claimed}`
      const headers = { 'cf-connecting-ip': forged, 'x-forwarded-for': forged, 'x-real-ip': forged }
      return fetch(`${edge.edge.url}/.well-known/jwks.json`, { headers })
    })
    expect(count(answers, 200)).toBe(100)
    expect(count(answers, 429)).toBe(5)
  })
})

it.each<[string, () => [path: string, headers: Record<string, string>]]>([
  ['no key', () => ['/api/v1/me', {}]],
  ['guessed keys', () => ['/api/v1/me', { 'x-api-key': newApiKey('live').key }]],
  ['forged access tokens', () => ['/api/admin/customers', { authorization: 'Bearer e30.e30.e30' }]],
])('%s: 401 a hundred times, then the address is banned', async (what, next) => {
  const address = `203.0.113.${what.length}`
  const answers = await callInOneMinute(105, () => ask(...withAddress(next(), address)))
  expect(count(answers, 401)).toBe(100)
  expect(count(answers, 429)).toBe(5)
  expect(waitOf(await keysOf(address))).toBeGreaterThan(60)
})

function withAddress([path, headers]: [string, Record<string, string>], address: string) {
  return [path, address, headers] as const
}

describe('while Redis is away', () => {
  beforeEach(async () => {
    edge.neighbours.redis.mode = 'refusing'
    await edge.edge.restart()
  })

  const logIn = (address: string) =>
    edge.request('/api/admin/auth/login', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-local-client-address': address },
      body: JSON.stringify({ email: 'nobody@wharf.example', password: 'a wrong password' }),
    })

  it('log-ins are refused beyond ten of an address, and reads pass', async () => {
    const startedAt = Date.now()
    let tried = 0
    while ((await logIn('192.0.2.10')).status === 401) tried++
    expect(tried).toBeGreaterThanOrEqual(10)
    // The bucket fills up again meanwhile, by one in six seconds.
    expect(tried).toBeLessThanOrEqual(10 + Math.ceil((Date.now() - startedAt) / 6_000))
    expect((await logIn('192.0.2.11')).status).toBe(401)
    expect((await keysOf('192.0.2.10')).status).toBe(200)
  })

  it('wrong keys are refused beyond fifty', async () => {
    const answers = await callInOneMinute(60, () => ask('/api/v1/me', '192.0.2.12'))
    expect(count(answers, 401)).toBeGreaterThanOrEqual(50)
    expect(count(answers, 429)).toBeGreaterThan(0)
    expect((await withKey('192.0.2.12', world.own.key)).status).toBe(200)
  })
})
