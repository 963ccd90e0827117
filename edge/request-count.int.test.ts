import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ApiKeyId } from '#contracts/ids.ts'
import { waitFor } from '#local/testing/wait-for.ts'
import type { RequestRecord } from './log.ts'
import { openWorkerdEdge, type WorkerdEdge } from './testing/open-workerd-edge.ts'
import { probeAnswers } from './testing/route-probes.ts'
import { seedWorld, type Tenant, type World } from './testing/seed-world.ts'

/** What a customer's request may cost in HTTP requests to Redis and the database. */

let edge: WorkerdEdge
let world: World
beforeAll(async () => {
  // What was counted of use goes to the database when no test looks.
  edge = await openWorkerdEdge({ usageFlushMs: 3_600_000 })
  Object.assign(edge.worker.answers, probeAnswers)
  world = await seedWorld(edge, 'business')
  // So that no first use of a key is written down meanwhile.
  const inAnHour = new Date(Date.now() + 3_600_000)
  for (const { customerId } of [world.own, world.other]) {
    await edge.seed.update('apiKeys', { customerId }, { lastUsedAt: inAnHour })
  }
})
afterAll(() => edge.close())

/** Sends a message and counts what reached Redis and database until the hint had its answer. */
async function cost({ key, ids }: Tenant): Promise<{ redis: number; database: number; logged: RequestRecord }> {
  const before = {
    redis: edge.redis.requests(),
    database: edge.database.neonRequests(),
    hints: edge.worker.seen.length,
  }
  const response = await edge.request(`/api/v1/instances/${ids.instance_id}/messages`, {
    method: 'POST',
    headers: { 'x-api-key': key, 'content-type': 'application/json' },
    body: JSON.stringify({ to: '+5511999990002', type: 'text', text: { body: 'Hello' } }),
  })
  expect(response.status).toBe(202)
  const id = response.headers.get('x-request-id')
  await waitFor(() => edge.worker.seen.length > before.hints, { what: 'the hint' })
  const logged = await waitFor(
    () => edge.log.find((record) => record.event === 'request' && record.request_id === id) as RequestRecord,
    { what: 'the canonical line' },
  )
  return {
    redis: edge.redis.requests() - before.redis,
    database: edge.database.neonRequests() - before.database,
    logged,
  }
}

it('costs one request each in steady state', async () => {
  // The first use of a key, and of the limiter's script, which Redis does not know before.
  await cost(world.own)
  const { redis, database, logged } = await cost(world.own)
  expect({ redis, database }).toEqual({ redis: 1, database: 1 })
  expect(logged).toMatchObject({ redis_requests: 1, database_requests: 1 })
})

it('costs a cold isolate one more of Redis', async () => {
  await edge.edge.restart()
  const { redis, database } = await cost(world.own)
  expect({ redis, database }).toEqual({ redis: 2, database: 1 })
})

// The proof is remembered in the request that counts for the limits.
it('costs one more of each to prove and remember a key that nobody has seen', async () => {
  const { redis, database } = await cost(world.other)
  expect({ redis, database }).toEqual({ redis: 2, database: 2 })
})

it('costs one more of the database, after the answer, to write down that a key is used', async () => {
  const { customerId, keyId } = world.own
  await edge.seed.update('apiKeys', { customerId }, { lastUsedAt: new Date(0) })
  const before = edge.database.neonRequests()
  await cost(world.own)
  await waitFor(
    async () => (await edge.seed.rows('apiKeys', { id: keyId as ApiKeyId }))[0]!.lastUsedAt!.getTime() > 0,
    { what: 'the last use' },
  )
  expect(edge.database.neonRequests() - before).toBe(2)
  expect(await cost(world.own)).toMatchObject({ database: 1 })
})
