import { beforeEach, describe, expect, it } from 'vitest'
import type { RequestRecord } from './log.ts'
import { openMemoryEdge } from './testing/open-memory-edge.ts'
import { seedWorld, type World } from './testing/seed-world.ts'
import type { TestEdge } from './testing/test-edge.ts'

let edge: TestEdge
let world: World
beforeEach(async () => {
  edge = await openMemoryEdge()
  world = await seedWorld(edge)
})

const send = (key: string, body: object = { to: '+5511999990002', type: 'text', text: { body: 'canary text' } }) =>
  edge.request(`/api/v1/instances/${world.own.ids.instance_id}/messages`, {
    method: 'POST',
    headers: { 'x-api-key': key, 'content-type': 'application/json', 'x-request-id': 'client-1' },
    body: JSON.stringify(body),
  })

const requestLines = () => edge.log.filter((record): record is RequestRecord => record.event === 'request')

it('is one line per request that says who asked what and how it ended', async () => {
  await send(world.own.key)
  expect(requestLines()).toEqual([
    {
      event: 'request',
      request_id: 'client-1',
      method: 'POST',
      route: '/api/v1/instances/:instance_id/messages',
      status: 202,
      duration_ms: expect.any(Number),
      customer_id: world.own.customerId,
      key_id: world.own.keyId,
      admin_id: null,
      error_code: null,
      database_requests: 0,
      redis_requests: 0,
    },
  ])
})

it('names the error, also where there is no route', async () => {
  await send(world.own.key, {})
  await edge.request('/nowhere?token=canary')
  await edge.request('/health', { method: 'DELETE' })
  expect(requestLines().map(({ route, status, error_code }) => [route, status, error_code])).toEqual([
    ['/api/v1/instances/:instance_id/messages', 400, 'VALIDATION_ERROR'],
    [null, 404, 'NOT_FOUND'],
    [null, 405, 'METHOD_NOT_ALLOWED'],
  ])
})

it('holds no key, number, text or query', async () => {
  await send(world.own.key)
  await send(world.own.key, { to: 'canary-number' })
  await edge.request(`/api/v1/instances/canary-path?key=canary-query`, { headers: { 'x-api-key': world.own.key } })
  const text = JSON.stringify(edge.log)
  for (const secret of [world.own.key, '+5511999990002', 'canary']) expect(text).not.toContain(secret)
})

describe('when something breaks', () => {
  it('tells the log where, and the caller nothing', async () => {
    const broken = await openMemoryEdge({
      customers: {
        account: () => Promise.reject(new TypeError('SELECT secret', { cause: new Error('canary') })),
      } as never,
    })
    const { own } = await seedWorld(broken)
    const response = await broken.request('/api/v1/me', { headers: { 'x-api-key': own.key } })
    expect(response.status).toBe(500)
    const body = await response.text()
    expect(JSON.parse(body)).toMatchObject({
      error: { code: 'INTERNAL_ERROR', message: 'Something went wrong on our side.', details: {} },
    })
    const line = JSON.stringify(broken.log)
    expect(line).toContain('"errors":["TypeError","Error"]')
    expect(line).toContain('canonical-log.test.ts')
    for (const leak of ['SELECT', 'canary"', 'stack', 'canonical-log']) expect(body).not.toContain(leak)
    for (const secret of ['SELECT', '"canary']) expect(line).not.toContain(secret)
  })
})

describe('request ids', () => {
  it.each(['client-1', 'a.b_c-D9', 'x'.repeat(64)])('keeps %s', async (id) => {
    const response = await edge.request('/health', { headers: { 'x-request-id': id } })
    expect(response.headers.get('x-request-id')).toBe(id)
  })

  it.each(['', 'two words', 'x'.repeat(65), '{"a":1}', 'a;b'])('replaces %j', async (id) => {
    const response = await edge.request('/health', { headers: { 'x-request-id': id } })
    expect(response.headers.get('x-request-id')).toMatch(/^req_/)
  })
})
