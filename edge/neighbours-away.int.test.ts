import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { failureSchema } from '#contracts/envelope.ts'
import { waitFor } from '#local/testing/wait-for.ts'
import { openWorkerdEdge, type WorkerdEdge } from './testing/open-workerd-edge.ts'
import { probeAnswers } from './testing/route-probes.ts'
import { seedTenant, seedWorld, type Tenant, type World } from './testing/seed-world.ts'

let edge: WorkerdEdge
let world: World
beforeAll(async () => {
  edge = await openWorkerdEdge()
  Object.assign(edge.worker.answers, probeAnswers)
  world = await seedWorld(edge, 'business')
})
afterAll(() => edge.close())
beforeEach(async () => {
  edge.neighbours.redis.mode = 'passing'
  Object.assign(edge.neighbours.database, { mode: 'passing', spared: 0 })
  // An isolate that left Redis alone would still do so.
  await edge.edge.restart()
})

const post = ({ key }: Tenant, path: string, body: object, headers: Record<string, string> = {}) =>
  edge.request(path, {
    method: 'POST',
    headers: { 'x-api-key': key, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
const send = (tenant: Tenant, headers?: Record<string, string>) =>
  post(
    tenant,
    `/api/v1/instances/${tenant.ids.instance_id}/messages`,
    { to: '+5511999990002', type: 'text', text: { body: 'Hello' } },
    headers,
  )
const me = ({ key }: Tenant) => edge.request('/api/v1/me', { headers: { 'x-api-key': key } })

/** What requests with an Idempotency-Key do beside messages, and how often it was done for a tenant that is new. */
const deeds: {
  what: string
  call: (tenant: Tenant) => [path: string, body: object]
  times: (tenant: Tenant) => Promise<number>
}[] = [
  {
    what: 'creating an instance',
    call: () => ['/api/v1/instances', { name: 'shop' }],
    times: async ({ customerId }) => (await edge.seed.rows('instances', { customerId })).length - 1,
  },
  {
    what: 'creating a webhook',
    call: () => ['/api/v1/webhooks', { url: 'https://shop.example.com/once' }],
    times: async ({ customerId }) => (await edge.seed.rows('webhookEndpoints', { customerId })).length - 1,
  },
  {
    what: 'making a key',
    call: () => ['/api/v1/api-keys', { name: 'another', scopes: ['keys:manage'] }],
    times: async ({ customerId }) => (await edge.seed.rows('apiKeys', { customerId })).length - 2,
  },
  {
    what: 'testing a webhook',
    call: ({ ids }) => [`/api/v1/webhooks/${ids.webhook_id}/test`, {}],
    times: async ({ customerId }) => (await edge.seed.rows('deliveries', { customerId })).length,
  },
  {
    what: 'rotating a secret',
    call: ({ ids }) => [`/api/v1/webhooks/${ids.webhook_id}/rotate-secret`, {}],
    async times({ customerId }) {
      const [row] = await edge.seed.rows('webhookEndpoints', { customerId })
      if (row === undefined || row.previousSecret === null) return 0
      // The seeded secret is all zeros: after a second rotation it is gone.
      return row.previousSecret.every((byte) => byte === 0) ? 1 : 2
    },
  },
]

async function timed(run: () => Promise<Response>): Promise<{ response: Response; ms: number }> {
  const startedAt = performance.now()
  const response = await run()
  return { response, ms: performance.now() - startedAt }
}

describe.each(['silent', 'refusing'] as const)('while Redis is %s', (mode) => {
  beforeEach(() => {
    edge.neighbours.redis.mode = mode
  })

  it('keys are proven by bcrypt again and messages are accepted', async () => {
    expect((await send(world.own)).status).toBe(202)
    expect((await me(world.own)).status).toBe(200)
  })

  it('only the first request waits for it', async () => {
    await me(world.own)
    const { response, ms } = await timed(() => send(world.own))
    expect(response.status).toBe(202)
    expect(ms).toBeLessThan(250)
  })

  it('sends pass at half the rate of the plan, reads pass', async () => {
    const tenant = await seedTenant(edge, world.serverId, 'basic')
    const startedAt = Date.now()
    let accepted = 0
    let answer = await send(tenant)
    for (; answer.status === 202; answer = await send(tenant)) accepted++
    expect(answer.status).toBe(429)
    // The bucket fills up again meanwhile, by one in two seconds.
    expect(accepted).toBeGreaterThanOrEqual(30)
    expect(accepted).toBeLessThanOrEqual(30 + Math.ceil((Date.now() - startedAt) / 2_000))
    expect((await me(tenant)).status).toBe(200)
  })

  it('a revoked key fails on its next request', async () => {
    const tenant = await seedTenant(edge, world.serverId)
    expect((await send(tenant)).status).toBe(202)
    await edge.seed.update('apiKeys', { customerId: tenant.customerId }, { revokedAt: new Date(0) })
    expect((await send(tenant)).status).toBe(401)
    expect((await me(tenant)).status).toBe(401)
  })

  it('health tells that the service is degraded', async () => {
    const response = await edge.request('/health')
    expect(await response.json()).toMatchObject({ data: { status: 'degraded', redis: { reachable: false } } })
  })
})

describe.each(['silent', 'refusing'] as const)('while the database is %s', (mode) => {
  it.each([
    ['a send', () => send(world.own)],
    ['a read', () => me(world.own)],
    ['a key that must be proven', () => me(world.other)],
    ['health', () => edge.request('/health')],
  ])('%s answers 503 within 2 seconds', async (_what, run) => {
    await me(world.own)
    edge.neighbours.database.mode = mode
    const { response, ms } = await timed(run)
    expect(response.status).toBe(503)
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(failureSchema.parse(await response.json()).error.code).toBe('SERVICE_UNAVAILABLE')
    expect(ms).toBeLessThan(2_000)
  })
})

describe('while the database commits and its answer is lost', () => {
  it('a send answers 503, and the same key is safe: one message, one of the quota', async () => {
    const tenant = await seedTenant(edge, world.serverId, 'business')
    await me(tenant)
    const key = { 'idempotency-key': 'order-1' }
    edge.neighbours.database.mode = 'losing-answers'
    const { response, ms } = await timed(() => send(tenant, key))
    expect(response.status).toBe(503)
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(ms).toBeLessThan(2_000)
    const accepted = async () =>
      (await edge.seed.rows('messages', { customerId: tenant.customerId })).filter((row) => row.idempotencyKey !== null)
    const [stored] = await accepted()
    edge.neighbours.database.mode = 'passing'
    const again = await send(tenant, key)
    expect(again.status).toBe(202)
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    expect(await again.json()).toMatchObject({ data: { id: stored?.id, status: 'queued' } })
    expect(await accepted()).toHaveLength(1)
    expect(await edge.seed.rows('usageDays', { customerId: tenant.customerId })).toMatchObject([{ messages: 1 }])
  })

  it('a creation whose claim was lost answers 503, gives its key back, and creates once', async () => {
    const tenant = await seedTenant(edge, world.serverId, 'business')
    await me(tenant)
    const url = 'https://shop.example.com/once'
    const create = () => post(tenant, '/api/v1/webhooks', { url }, { 'idempotency-key': 'hook-1' })
    // The look at the key passes.
    Object.assign(edge.neighbours.database, { mode: 'losing-answers', spared: 1 })
    expect((await create()).status).toBe(503)
    edge.neighbours.database.mode = 'passing'
    const claims = () => edge.seed.rows('idempotentRequests', { customerId: tenant.customerId })
    await waitFor(async () => (await claims()).every(({ claimedUntil }) => claimedUntil <= new Date()), {
      what: 'the end of the claim',
    })
    expect(await claims()).toHaveLength(1)
    expect((await create()).status).toBe(201)
    expect((await create()).headers.get('idempotent-replayed')).toBe('true')
    const created = await edge.seed.rows('webhookEndpoints', { customerId: tenant.customerId })
    expect(created.filter((row) => row.url === url)).toHaveLength(1)
  })

  it.each(deeds)('$what is done once, whichever of the replies is lost', async ({ call, times }) => {
    let lostAfterTheDeed = 0
    for (let spared = 1, finished = false; !finished; spared++) {
      const tenant = await seedTenant(edge, world.serverId, 'business')
      await me(tenant)
      const [path, body] = call(tenant)
      const ask = () => post(tenant, path, body, { 'idempotency-key': 'deed-1' })
      Object.assign(edge.neighbours.database, { mode: 'losing-answers', spared })
      const first = await ask()
      Object.assign(edge.neighbours.database, { mode: 'passing', spared: 0 })
      finished = first.status < 300
      if (finished) break
      expect(first.status).toBe(503)
      const done = await times(tenant)
      lostAfterTheDeed += done
      // As it would by itself: what gives the key back may still be on its way.
      await edge.seed.update('idempotentRequests', { customerId: tenant.customerId }, { claimedUntil: new Date(0) })
      const second = await ask()
      expect(second.status).toBeLessThan(300)
      expect(second.headers.get('idempotent-replayed')).toBe(done === 1 ? 'true' : null)
      const { data } = (await second.json()) as { data: { secret?: string; secret_shown?: boolean } }
      if (data.secret_shown !== undefined) expect(data.secret).toBeUndefined()
      expect(await times(tenant)).toBe(1)
    }
    expect(lostAfterTheDeed).toBeGreaterThan(0)
  })
})
