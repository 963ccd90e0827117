import { beforeEach, expect, it } from 'vitest'
import { seedInstance, seedServer } from '#core/testing/seed.ts'
import { newId, type CustomerId, type InstanceId } from '#contracts/ids.ts'
import { openMemoryEdge } from './testing/open-memory-edge.ts'
import { seedLoggedInAdmin } from './testing/seed-logged-in-admin.ts'
import type { TestEdge } from './testing/test-edge.ts'

/** What an admin does with a customer, and what the customer sees of it. */

let edge: TestEdge
let token: string
beforeEach(async () => {
  edge = await openMemoryEdge()
  ;({ token } = await seedLoggedInAdmin(edge, 'admin'))
})

interface Answer {
  status: number
  data: Record<string, unknown>
  error?: { code: string; details: Record<string, string> }
}

async function ask(method: string, path: string, credentials: object, body?: unknown): Promise<Answer> {
  const headers = { 'content-type': 'application/json', ...credentials }
  const response = await edge.request(path, { method, headers, body: body === undefined ? null : JSON.stringify(body) })
  const parsed = response.status === 204 ? {} : ((await response.json()) as object)
  return { data: {}, ...parsed, status: response.status }
}

const asAdmin = (method: string, path: string, body?: unknown) =>
  ask(method, `/api/admin/customers${path}`, { authorization: `Bearer ${token}` }, body)
const withKey = (key: string, method: string, path: string, body?: unknown) =>
  ask(method, `/api/v1${path}`, { 'x-api-key': key }, body)

async function createCustomer() {
  const { data } = await asAdmin('POST', '', { name: 'Shop', plan: 'pro' })
  const { secret, id } = data['api_key'] as { secret: string; id: string }
  return { id: data['id'] as CustomerId, key: secret, keyId: id }
}

it('makes a customer whose first key works, and keeps the key in no log and no audit entry', async () => {
  const { id, key } = await createCustomer()
  expect(await withKey(key, 'GET', '/me')).toMatchObject({ status: 200, data: { customer: { id, plan: 'pro' } } })
  const kept = JSON.stringify([edge.log, await edge.seed.rows('auditLogs'), await edge.seed.rows('apiKeys')])
  expect(kept).toContain(id)
  expect(kept).not.toContain(key)
  expect(kept).not.toContain(key.slice(-49, -6))
})

it('suspends at once and tells the worker, and activates again', async () => {
  const { id, key } = await createCustomer()
  const serverId = await seedServer(edge.seed, { url: edge.workerUrl })
  await seedInstance(edge.seed, { customerId: id, serverId })
  expect(await asAdmin('POST', `/${id}/suspend`)).toMatchObject({ status: 200, data: { status: 'suspended' } })
  expect(await withKey(key, 'GET', '/me')).toMatchObject({ status: 403, error: { code: 'ACCOUNT_SUSPENDED' } })
  expect(await asAdmin('POST', `/${id}/activate`)).toMatchObject({ status: 200, data: { status: 'active' } })
  expect(await withKey(key, 'GET', '/me')).toMatchObject({ status: 200 })
  const actions = (await edge.seed.rows('auditLogs', { customerId: id })).map(({ action }) => action)
  expect(actions).toEqual(['customer.create', 'customer.suspend', 'customer.activate'])
})

it('lets a customer do otherwise than its plan says, from the next request on', async () => {
  const { id, key } = await createCustomer()
  const agree = (limit_overrides: unknown) => asAdmin('PUT', `/${id}`, { limit_overrides })
  expect(await agree({ messages_per_day: 8000, instances: null })).toMatchObject({
    status: 200,
    data: {
      plan: 'pro',
      limit_overrides: { messages_per_day: 8000, instances: null },
      usage: { messages_today: { limit: 8000 }, instances: { limit: null } },
    },
  })
  expect((await withKey(key, 'GET', '/me')).data).toMatchObject({ usage: { messages_today: { limit: 8000 } } })
  const refused = await agree({ requests_per_minute: 0, instances: 1.5, coffee: 3 })
  expect(refused).toMatchObject({ status: 400, error: { code: 'VALIDATION_ERROR' } })
  expect(JSON.stringify(refused)).toMatch(/must be at least 1.*must be a whole number/)
  expect((await agree({})).data).toMatchObject({ limit_overrides: {}, usage: { instances: { limit: 3 } } })
})

it('places new instances where its customer is told to belong', async () => {
  const serverId = await seedServer(edge.seed, { url: edge.workerUrl, region: 'eu' })
  for (let n = 0; n < 3; n += 1) await seedServer(edge.seed, { region: 'sa-east' })
  const created = await asAdmin('POST', '', { name: 'Shop', plan: 'pro', region: 'sa-east', assign_server: serverId })
  expect(created).toMatchObject({ status: 201, data: { region: 'sa-east', assign_server: serverId } })
  const { secret } = created.data['api_key'] as { secret: string }
  const placed = async () => {
    const { data } = await withKey(secret, 'POST', '/instances', { name: 'till' })
    const [lease] = await edge.seed.rows('instanceLeases', { instanceId: data['id'] as InstanceId })
    return lease?.serverId
  }
  expect(await placed()).toBe(serverId)
  const path = `/${String(created.data['id'])}`
  expect((await asAdmin('PUT', path, { assign_server: 'auto' })).data).toMatchObject({
    name: 'Shop',
    region: 'sa-east',
    assign_server: 'auto',
  })
  expect(await placed()).not.toBe(serverId)

  const details = { assign_server: 'is not the id of a server' }
  for (const assign_server of [newId('server'), await seedServer(edge.seed, { deletedAt: new Date() })]) {
    const refused = { status: 400, error: { code: 'VALIDATION_ERROR', details } }
    expect(await asAdmin('PUT', path, { assign_server })).toMatchObject(refused)
    expect(await asAdmin('POST', '', { name: 'Shop', plan: 'pro', assign_server })).toMatchObject(refused)
  }
})

it('deletes for good: its keys open nothing, and admins see it no more', async () => {
  const { id, key } = await createCustomer()
  expect((await asAdmin('DELETE', `/${id}`)).status).toBe(204)
  expect(await withKey(key, 'GET', '/me')).toMatchObject({ status: 401 })
  expect(await asAdmin('GET', `/${id}`)).toMatchObject({ status: 404 })
  expect((await asAdmin('DELETE', `/${id}`)).status).toBe(404)
})

it('regenerating revokes every key and shows one that works', async () => {
  const { id, key } = await createCustomer()
  const { data } = await asAdmin('POST', `/${id}/regenerate-key`)
  expect((await withKey(key, 'GET', '/me')).status).toBe(401)
  expect((await withKey(data['secret'] as string, 'GET', '/me')).status).toBe(200)
})

it('lets a customer make keys of no more scopes than the one in use, and keeps the last that manages keys', async () => {
  const { key, keyId } = await createCustomer()
  const make = (by: string, scopes: string[]) => withKey(by, 'POST', '/api-keys', { name: 'another', scopes })
  const weak = (await make(key, ['keys:manage'])).data
  expect(await make(weak['secret'] as string, ['keys:manage', 'messages:send'])).toMatchObject({
    status: 403,
    error: { code: 'FORBIDDEN', details: { scopes: 'messages:send: this key does not have it' } },
  })
  expect((await withKey(key, 'DELETE', `/api-keys/${String(weak['id'])}`)).status).toBe(204)
  expect(await withKey(weak['secret'] as string, 'GET', '/api-keys')).toMatchObject({ status: 401 })
  expect(await withKey(key, 'DELETE', `/api-keys/${keyId}`)).toMatchObject({
    status: 409,
    error: { code: 'CONFLICT' },
  })
})

it('refuses a key that would have expired already', async () => {
  const { id } = await createCustomer()
  const body = { name: 'late', scopes: ['account:read'], expires_at: '2020-01-01T00:00:00Z' }
  expect(await asAdmin('POST', `/${id}/api-keys`, body)).toMatchObject({
    status: 400,
    error: { details: { expires_at: 'must be in the future' } },
  })
})

it('makes keys that open from their networks only, for customers and by admins', async () => {
  const { id, key } = await createCustomer()
  const body = { name: 'office', scopes: ['account:read'], allowed_addresses: ['192.0.2.7', '2001:DB8:0::/32'] }
  for (const made of [await asAdmin('POST', `/${id}/api-keys`, body), await withKey(key, 'POST', '/api-keys', body)]) {
    expect(made).toMatchObject({
      status: 201,
      data: { allowed_addresses: ['192.0.2.7/32', '2001:db8::/32'], last_used_at: null },
    })
    const from = async (address: string) => {
      const headers = { 'x-api-key': made.data['secret'] as string, 'cf-connecting-ip': address }
      return (await edge.request('/api/v1/me', { headers })).status
    }
    expect([await from('192.0.2.7'), await from('2001:db8::5'), await from('192.0.2.8')]).toEqual([200, 200, 403])
  }
  const wrong = { ...body, allowed_addresses: ['192.0.2.0/24', '192.0.2.7/24'] }
  expect(await withKey(key, 'POST', '/api-keys', wrong)).toMatchObject({
    status: 400,
    error: { details: { 'allowed_addresses.1': expect.stringContaining('203.0.113.0/24') as string } },
  })
})
