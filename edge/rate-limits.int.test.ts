import { Redis } from '@upstash/redis'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { waitFor } from '#local/testing/wait-for.ts'
import { callInOneMinute } from './testing/call-in-one-minute.ts'
import { openWorkerdEdge, type WorkerdEdge } from './testing/open-workerd-edge.ts'
import { seedTenant, seedWorld, type Tenant, type World } from './testing/seed-world.ts'

let edge: WorkerdEdge
let world: World
beforeAll(async () => {
  // These count, and a Redis that is left alone for being slow does not.
  edge = await openWorkerdEdge({ redisTimeoutMs: 10_000 })
  world = await seedWorld(edge)
})
afterAll(() => edge.close())

const me = ({ key }: Tenant) => edge.request('/api/v1/me', { headers: { 'x-api-key': key } })
const send = ({ key, ids }: Tenant) =>
  edge.request(`/api/v1/instances/${ids.instance_id}/messages`, {
    method: 'POST',
    headers: { 'x-api-key': key, 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
    body: JSON.stringify({ to: '15551234567', type: 'text', text: { body: 'Hello' } }),
  })
const limitOf = ({ headers }: Response) => ({
  limit: Number(headers.get('x-ratelimit-limit')),
  remaining: Number(headers.get('x-ratelimit-remaining')),
  resetInSeconds: Number(headers.get('x-ratelimit-reset')) - Date.now() / 1000,
})

it('tells the window that is closest to its end', async () => {
  const told = limitOf(await me(await seedTenant(edge, world.serverId, 'basic')))
  expect(told).toMatchObject({ limit: 60, remaining: 59 })
  expect(told.resetInSeconds).toBeGreaterThan(-1)
  expect(told.resetInSeconds).toBeLessThanOrEqual(61)
})

it('lets exactly the limit through', async () => {
  const tenant = await seedTenant(edge, world.serverId, 'basic')
  const answers = await callInOneMinute(75, () => me(tenant))
  const refused = answers.filter(({ status }) => status === 429)
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(60)
  expect(refused).toHaveLength(15)
  const [first] = refused
  expect(Number(first?.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(await first?.json()).toMatchObject({ error: { code: 'RATE_LIMIT_EXCEEDED', retry_after: expect.any(Number) } })
})

it('lets through what was agreed with a customer, as soon as one request has told it', async () => {
  const tenant = await seedTenant(edge, world.serverId, 'basic')
  await me(tenant)
  const limitOverrides = { requests_per_minute: 90, requests_per_hour: null, requests_per_day: null }
  await edge.seed.update('customers', { id: tenant.customerId }, { limitOverrides })
  await waitFor(async () => limitOf(await me(tenant)).limit === 90, { what: 'the limit of 90' })
})

it('a request that the minute refuses is not charged to the hour and the day', async () => {
  const tenant = await seedTenant(edge, world.serverId, 'basic')
  await callInOneMinute(75, () => me(tenant))
  const redis = new Redis({ url: edge.redis.restUrl, token: edge.redis.token })
  for (const window of ['1m', '1h', '1d']) {
    const counted = async () => {
      const keys = await redis.keys(`rate:${window}:${tenant.customerId}:*`)
      return Number(await redis.get(keys[0] ?? ''))
    }
    await waitFor(async () => (await counted()) === 60, { what: `60 in the window of ${window}` })
  }
})

it('lets a refused customer in again as soon as its windows have room', async () => {
  const tenant = await seedTenant(edge, world.serverId, 'basic')
  await callInOneMinute(65, () => me(tenant))
  // Many that are answered from memory at once: their timers end with them.
  for (let round = 0; round < 30; round += 1) await Promise.all(Array.from({ length: 4 }, () => send(tenant)))
  expect((await me(tenant)).status).toBe(429)
  const redis = new Redis({ url: edge.redis.restUrl, token: edge.redis.token })
  for (const name of await redis.keys(`rate:*:${tenant.customerId}:*`)) await redis.del(name)
  await waitFor(async () => (await me(tenant)).status === 200, { what: 'the customer to be let in', timeoutMs: 20_000 })
})

it('counts customers apart', async () => {
  const [one, two] = [await seedTenant(edge, world.serverId, 'basic'), await seedTenant(edge, world.serverId, 'basic')]
  await callInOneMinute(65, () => me(one))
  expect((await me(two)).status).toBe(200)
})

it('asks nobody for an unlimited plan', async () => {
  await me(world.own)
  const before = edge.redis.requests()
  const response = await me(world.own)
  expect(response.headers.get('x-ratelimit-limit')).toBeNull()
  expect(edge.redis.requests()).toBe(before)
})
