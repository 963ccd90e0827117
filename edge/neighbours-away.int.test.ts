import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { failureSchema } from '#contracts/envelope.ts'
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
  edge.neighbours.database.mode = 'passing'
  // An isolate that left Redis alone would still do so.
  await edge.edge.restart()
})

const send = ({ key, ids }: Tenant, path = `/api/v1/instances/${ids.instance_id}/messages`) =>
  edge.request(path, {
    method: 'POST',
    headers: { 'x-api-key': key, 'content-type': 'application/json' },
    body: JSON.stringify({ to: '+5511999990002', type: 'text', text: { body: 'Hello' } }),
  })
const me = ({ key }: Tenant) => edge.request('/api/v1/me', { headers: { 'x-api-key': key } })

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
