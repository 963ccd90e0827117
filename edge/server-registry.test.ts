import { beforeEach, describe, expect, it } from 'vitest'
import type { ServerId } from '#contracts/ids.ts'
import { seedCustomer, seedInstance } from '#core/testing/seed.ts'
import { openMemoryEdge } from './testing/open-memory-edge.ts'
import { seedLoggedInAdmin } from './testing/seed-logged-in-admin.ts'
import type { TestEdge } from './testing/test-edge.ts'

/** What an admin does with the registry of servers. */

let edge: TestEdge
let token: string
beforeEach(async () => {
  edge = await openMemoryEdge()
  ;({ token } = await seedLoggedInAdmin(edge, 'admin'))
})

const server = {
  name: 'sao-paulo-1',
  url: 'https://sao-paulo-1.example.com',
  region: 'sa-east',
  ip_address: '203.0.113.7',
  max_capacity: 50,
}

interface Answer {
  data: { id: ServerId; enrollment?: unknown }
  error: { message: string; details: Record<string, string> }
}

async function ask(method: string, path: string, body?: object): Promise<{ status: number; body: Answer }> {
  const response = await edge.request(`/api/admin/servers${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: body === undefined ? null : JSON.stringify(body),
  })
  return { status: response.status, body: (response.status === 204 ? undefined : await response.json()) as Answer }
}

const add = async (values: object = {}) => (await ask('POST', '', { ...server, ...values })).body.data.id

describe('a new server', () => {
  it('waits in provisioning, and what is not known of it is null', async () => {
    const { status, body } = await ask('POST', '', { ...server, cost_per_month: 19.9 })
    expect({ status, data: body.data }).toMatchObject({
      status: 201,
      data: { ...server, status: 'provisioning', cost_per_month: 19.9, provider: null, cpu_cores: null, ram_gb: null },
    })
    // The token is told once.
    const { enrollment, ...known } = body.data
    expect(enrollment).toBeDefined()
    expect(await ask('GET', `/${body.data.id}`)).toEqual({ status: 200, body: { success: true, data: known } })
  })

  it.each([
    ['name', 'ab', 'must have at least 3 characters'],
    ['name', 'a'.repeat(101), 'must have at most 100 characters'],
    ['name', 'sao paulo', 'must have only letters, digits and hyphens'],
    ['ip_address', '256.1.1.1', 'must be an IPv4 or IPv6 address'],
    ['ip_address', 'example.com', 'must be an IPv4 or IPv6 address'],
    ['max_capacity', 0, 'must be at least 1'],
    ['max_capacity', 501, 'must be at most 500'],
    ['max_capacity', 1.5, 'must be a whole number'],
    ['cpu_cores', 129, 'must be at most 128'],
    ['ram_gb', 1025, 'must be at most 1024'],
    ['cost_per_month', -1, 'must be at least 0'],
    ['cost_per_month', 0.001, 'must have at most 2 decimals'],
    ['url', 'http://sao-paulo-1.example.com', /^must be an address such as/],
    ['url', 'https://user@sao-paulo-1.example.com', /^must be an address such as/],
    ['url', 'https://sao-paulo-1.example.com/path', /^must be an address such as/],
    ['url', 'sao-paulo-1.example.com', /^must be an address such as/],
  ])('is refused with the %s %j', async (field, value, problem) => {
    const { status, body } = await ask('POST', '', { ...server, [field]: value })
    expect(status).toBe(400)
    expect(body.error.details[field]).toMatch(problem)
  })

  it.each(['2001:db8::7', '203.0.113.7'])('may have the address %s', async (ip_address) => {
    expect((await ask('POST', '', { ...server, ip_address })).status).toBe(201)
  })

  it('may not have the name of another, until that is deleted', async () => {
    const id = await add()
    expect(await ask('POST', '', { ...server, name: 'SAO-PAULO-1' })).toMatchObject({
      status: 409,
      body: { error: { code: 'CONFLICT', details: { name: 'is taken' } } },
    })
    const other = await add({ name: 'sao-paulo-2' })
    expect((await ask('PUT', `/${other}`, { name: server.name })).status).toBe(409)
    expect((await ask('DELETE', `/${id}`)).status).toBe(204)
    expect((await ask('PUT', `/${other}`, { name: server.name })).status).toBe(200)
  })
})

it('changes only what it is told of a server', async () => {
  const id = await add({ cpu_cores: 4 })
  expect(await ask('PUT', `/${id}`, { max_capacity: 80, cpu_cores: null })).toMatchObject({
    status: 200,
    body: { data: { ...server, max_capacity: 80, cpu_cores: null } },
  })
  expect((await ask('PUT', `/${id}`, {})).status).toBe(400)
})

it('changes the status as the table of statuses allows, with a reason, and says why not', async () => {
  const id = await add()
  expect(await ask('POST', `/${id}/status`, { status: 'maintenance' })).toMatchObject({
    status: 409,
    body: { error: { message: 'A server that is provisioning cannot become maintenance.' } },
  })
  expect((await ask('POST', `/${id}/status`, { status: 'provisioning' })).status).toBe(400)
  expect((await ask('POST', `/${id}/activate`)).status).toBe(200)
  const reason = 'New disk on Monday'
  expect(await ask('POST', `/${id}/status`, { status: 'maintenance', reason })).toMatchObject({
    status: 200,
    body: { data: { status: 'maintenance', status_reason: reason } },
  })
  expect((await ask('POST', `/${id}/drain`)).status).toBe(409)
  expect(await ask('POST', `/${id}/activate`)).toMatchObject({ body: { data: { status_reason: null } } })
})

it('deletes a server only once it holds nothing, and audits every change', async () => {
  const id = await add()
  await ask('POST', `/${id}/activate`)
  const customerId = await seedCustomer(edge.seed)
  const instanceId = await seedInstance(edge.seed, { customerId, serverId: id })
  expect(await ask('DELETE', `/${id}`)).toMatchObject({
    status: 409,
    body: { error: { message: 'The server holds instances: drain it, and delete it when its drain is done.' } },
  })
  await edge.seed.update('instances', { id: instanceId }, { deletedAt: new Date() })
  expect((await ask('DELETE', `/${id}`)).status).toBe(204)
  expect((await ask('GET', `/${id}`)).status).toBe(404)
  expect((await edge.seed.rows('auditLogs', { target: id })).map(({ action }) => action)).toEqual([
    'server.create',
    'server.activate',
    'server.delete',
  ])
})
