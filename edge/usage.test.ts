import { beforeEach, expect, it } from 'vitest'
import { createFakeBackground, type FakeBackground } from '#core/testing/fake-background.ts'
import { openMemoryEdge } from './testing/open-memory-edge.ts'
import { seedWorld, type World } from './testing/seed-world.ts'
import type { TestEdge } from './testing/test-edge.ts'

/** What a customer's requests are counted as, and what of it customers and operators are shown. */

let edge: TestEdge
let world: World
let background: FakeBackground
beforeEach(async () => {
  background = createFakeBackground()
  edge = await openMemoryEdge({ background })
  world = await seedWorld(edge, 'pro')
})

const today = () => new Date().toISOString().slice(0, 10)
const key = () => ({ 'x-api-key': world.own.key })
const token = () => ({ authorization: `Bearer ${world.own.admin.token}` })

async function get<T>(path: string, headers: Record<string, string>): Promise<T> {
  const response = await edge.request(path, { headers })
  expect(response.status).toBe(200)
  return (await response.json()) as T
}

const sizeOf = async (response: Response) => (await response.arrayBuffer()).byteLength

async function counted() {
  await background.settled()
  return edge.seed.rows('requestDays', { customerId: world.own.customerId })
}

it('counts a request with the bytes of its body and of its answer, also when it is refused', async () => {
  const body = JSON.stringify({ name: 'Lojinha ção' })
  const headers = { ...key(), 'content-type': 'application/json' }
  const made = await edge.request('/api/v1/instances', { method: 'POST', headers, body })
  const refused = await edge.request('/api/v1/instances', { method: 'POST', headers, body: '{}' })
  expect([made.status, refused.status]).toEqual([201, 400])
  const bytesOut = (await sizeOf(made)) + (await sizeOf(refused))
  const bytesIn = new TextEncoder().encode(body).length + 2
  expect(await counted()).toEqual([{ customerId: world.own.customerId, day: today(), requests: 2, bytesIn, bytesOut }])
})

it('counts pictures and streams as far as they are read, and the requests of a pairing link', async () => {
  const { linkToken, ids } = world.own
  edge.worker.answers.qr = () => ({ qr: '2@abc', expires_at: '2026-03-01T12:00:00.000Z' })
  const link = { authorization: `Bearer ${linkToken}` }
  const page = await sizeOf(await edge.request('/api/pair', { headers: link }))
  const path = `/api/v1/instances/${ids.instance_id}/qr`
  const picture = await sizeOf(await edge.request(path, { headers: { ...key(), accept: 'image/svg+xml' } }))
  const stream = await edge.request('/api/v1/events', { headers: { ...key(), accept: 'text/event-stream' } })
  const reader = stream.body!.getReader()
  const { value } = await reader.read()
  await reader.cancel()
  expect(await counted()).toMatchObject([{ requests: 3, bytesIn: 0, bytesOut: page + picture + value!.length }])
})

it('counts nobody for a key that opens nothing', async () => {
  const response = await edge.request('/api/v1/me', { headers: { 'x-api-key': 'nonsense' } })
  expect(response.status).toBe(401)
  await background.settled()
  expect(await edge.seed.rows('requestDays')).toEqual([])
})

it('shows a customer the days and what is left of today', async () => {
  await edge.seed.insert('usageDays', { customerId: world.own.customerId, day: today(), messages: 12, quota: 5000 })
  await get('/api/v1/me', key())
  await background.settled()
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)
  expect(await get('/api/v1/usage', key())).toMatchObject({
    data: {
      to: today(),
      today: { messages: { used: 12, limit: 5000, remaining: 4988 }, resets_at: `${tomorrow}T00:00:00.000Z` },
      days: [{ day: today(), requests: 1, messages: 12, limit: 5000, sent: 0, media: { sent: 0, received: 0 } }],
    },
  })
})

it('refuses spans that are none or too long, for a customer and for all', async () => {
  const asked = async (path: string, headers: Record<string, string>) => {
    const response = await edge.request(path, { headers })
    const { error } = (await response.json()) as { error: { details: unknown } }
    return [response.status, error.details]
  }
  const backwards = 'from=2026-02-01&to=2026-01-31'
  expect(await asked(`/api/v1/usage?${backwards}`, key())).toEqual([400, { from: 'must not be after `to`' }])
  expect(await asked('/api/v1/usage?from=2024-01-31&to=2025-01-31', key())).toEqual([
    400,
    { from: 'must be at most 366 days up to `to`' },
  ])
  expect(await asked('/api/v1/usage?from=2026-02-30', key())).toEqual([
    400,
    { from: 'must be a day, such as 2026-01-31' },
  ])
  expect(await asked(`/api/admin/usage?${backwards}`, token())).toEqual([400, { from: 'must not be after `to`' }])
  expect(await asked('/api/admin/usage?from=2026-01-01&to=2026-04-03', token())).toEqual([
    400,
    { from: 'must be at most 92 days up to `to`' },
  ])
  expect((await edge.request('/api/v1/usage?from=2025-01-31&to=2026-01-31', { headers: key() })).status).toBe(200)
})

it('tells operators of no requests and accepted messages of a server, which has none', async () => {
  await edge.seed.insert('messageDays', {
    customerId: world.own.customerId,
    day: today(),
    serverId: world.serverId,
    sent: 3,
    received: 2,
    failed: 1,
    mediaSent: 0,
    mediaReceived: 1,
  })
  const counts = { sent: 3, received: 2, failed: 1, media: { sent: 0, received: 1 } }
  expect(await get('/api/admin/usage?by=server', token())).toMatchObject({
    data: [{ id: world.serverId, plan: null, customers: 1, requests: null, messages: null, bytes: null, ...counts }],
    meta: { total: 1, page: 1 },
  })
  expect(await get('/api/admin/usage?by=plan&sort=-bytes', token())).toMatchObject({
    data: [{ id: 'pro', plan: 'pro', requests: 0, messages: 0, ...counts }],
  })
})
