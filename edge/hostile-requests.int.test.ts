import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { failureSchema } from '#contracts/envelope.ts'
import { openWorkerdEdge, type WorkerdEdge } from './testing/open-workerd-edge.ts'
import { seedWorld, type World } from './testing/seed-world.ts'

/** What no HTTP library sends by itself. */

let edge: WorkerdEdge
let world: World
beforeAll(async () => {
  edge = await openWorkerdEdge()
  world = await seedWorld(edge)
})
afterAll(() => edge.close())

async function raw(options: RequestOptions, chunks: readonly (string | Buffer)[] = []) {
  // A connection of its own: the edge may close it before the body has gone out.
  const request = httpRequest(edge.edge.url, { ...options, agent: false })
  request.on('error', () => {})
  for (const chunk of chunks) request.write(chunk)
  request.end()
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  const body = await text(response)
  return { status: response.statusCode, code: failureSchema.safeParse(JSON.parse(body)).data?.error.code }
}

it.each([
  '//api/v1/me',
  '/api/v1//me',
  '/api/v1/me/',
  '/api/v1/me%2f',
  '/api/v1/me%00',
  '/api/v1/me;a=b',
  '/API/V1/ME',
  '/api/v1/x/%2e%2e/%2e%2e/me',
  '/api/v1/instances/%2e%2e%2f%2e%2e%2fhealth',
  '/api%2fv1%2fme',
  '/%',
  '/%ff',
  '/.well-known/../internal/x',
])('the path %s opens nothing without a key and breaks nothing', async (path) => {
  const { status, code } = await raw({ path })
  expect([401, 404]).toContain(status)
  expect(['INVALID_API_KEY', 'NOT_FOUND']).toContain(code)
})

it('a body without a length is refused as soon as it is too long', async () => {
  const headers = { 'x-api-key': world.own.key, 'content-type': 'application/json', 'transfer-encoding': 'chunked' }
  const chunks = Array.from({ length: 6 }, () => Buffer.alloc(64 * 1024, 0x20))
  expect(await raw({ path: '/api/v1/webhooks', method: 'POST', headers }, chunks)).toEqual({
    status: 413,
    code: 'PAYLOAD_TOO_LARGE',
  })
})

it('a compressed body is refused, however small', async () => {
  const headers = { 'x-api-key': world.own.key, 'content-type': 'application/json', 'content-encoding': 'gzip' }
  expect(await raw({ path: '/api/v1/webhooks', method: 'POST', headers }, ['{}'])).toMatchObject({ status: 415 })
})

it('a customer named by a header is nobody', async () => {
  const headers = { 'x-customer-id': world.other.customerId, 'x-forwarded-user': world.other.customerId }
  expect(await raw({ path: '/api/v1/me', headers })).toEqual({ status: 401, code: 'INVALID_API_KEY' })
  const own = { ...headers, 'x-api-key': world.own.key }
  const response = await edge.request(`/api/v1/instances/${world.other.ids.instance_id}`, { headers: own })
  expect(response.status).toBe(404)
})
