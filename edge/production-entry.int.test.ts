import { newKeyRingSpec } from '#db/crypto/key-ring.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { waitFor } from '#local/testing/wait-for.ts'
import { seedKey } from '#core/testing/seed-actor.ts'
import { bundleEdge } from '#local/edge/bundle-edge.ts'
import { startEdge } from '#local/edge/start-edge.ts'
import { openWorkerdEdge, type WorkerdEdge } from './testing/open-workerd-edge.ts'
import { seedWorld, type World } from './testing/seed-world.ts'
import { newSigningKey } from './testing/test-config.ts'
import { testKeyHash } from './testing/test-edge.ts'

/** The local entry opens what the production entry must never open. */

let local: WorkerdEdge
let world: World
beforeAll(async () => {
  local = await openWorkerdEdge()
  world = await seedWorld(local)
})
afterAll(() => local.close())

const nothing = { databaseUrl: 'postgres://a:b@127.0.0.1:1/c', neonFetchEndpoint: 'http://127.0.0.1:1/sql' }
const noRedis = { url: 'http://127.0.0.1:1', token: 'none' }

it('the local entry accepts test keys and loopback webhooks', async () => {
  const { key } = await seedKey(local.seed, world.own, { environment: 'test', hash: testKeyHash })
  const response = await local.request('/api/v1/webhooks', {
    method: 'POST',
    headers: { 'x-api-key': key, 'content-type': 'application/json' },
    body: JSON.stringify({ url: 'http://127.0.0.1:9000/hooks' }),
  })
  expect(response.status).toBe(201)
})

it('the production entry refuses test keys without a look-up', async () => {
  const { key } = await seedKey(local.seed, world.own, { environment: 'test', hash: testKeyHash })
  const production = await startEdge({
    entry: 'edge/main.ts',
    ...nothing,
    redis: noRedis,
    webhookKeyRing: `k1:${btoa('x'.repeat(32))}`,
    serviceTokenKey: await newSigningKey(),
    adminTokenKey: await newSigningKey('admin-key'),
    adminKeyRing: newKeyRingSpec(),
  })
  try {
    // The database does not exist here: a key that is looked up answers 503.
    const me = (apiKey: string) => fetch(`${production.url}/api/v1/me`, { headers: { 'x-api-key': apiKey } })
    expect((await me(key)).status).toBe(401)
    expect((await me(world.own.key)).status).toBe(503)
  } finally {
    await production.stop()
  }
})

it('the production bundle reads none of the local bindings, nor the address that a local program claims', async () => {
  const bundle = await bundleEdge('edge/main.ts')
  expect(bundle).not.toMatch(/\bLOCAL_[A-Z]/)
  expect(bundle).not.toContain('x-local-client-address')
})

it('a wrong binding is one clear sentence in the log, and none of it in the answer', async () => {
  const lines: string[] = []
  const misconfigured = await startEdge({
    ...nothing,
    redis: noRedis,
    webhookKeyRing: 'k1:secret-but-short',
    serviceTokenKey: await newSigningKey(),
    adminTokenKey: await newSigningKey('admin-key'),
    adminKeyRing: newKeyRingSpec(),
    log: (line) => lines.push(line),
  })
  try {
    const response = await fetch(`${misconfigured.url}/health`)
    expect(response.status).toBe(500)
    expect(await response.json()).toMatchObject({ error: { code: 'INTERNAL_ERROR' } })
    await waitFor(() => lines.some((line) => line.includes('WEBHOOK_KEY_RING is not a key ring')), { what: 'the log' })
    expect(lines.join()).not.toContain('secret-but-short')
  } finally {
    await misconfigured.stop()
  }
})
