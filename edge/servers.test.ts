import { beforeEach, expect, it } from 'vitest'
import type { ServerId } from '#contracts/ids.ts'
import { seedCustomer, seedInstance, seedServer } from '#core/testing/seed.ts'
import { openMemoryEdge } from './testing/open-memory-edge.ts'
import { seedLoggedInAdmin } from './testing/seed-logged-in-admin.ts'
import type { TestEdge } from './testing/test-edge.ts'

/** What an admin does with servers. */

let edge: TestEdge
let token: string
let from: ServerId
let to: ServerId
beforeEach(async () => {
  edge = await openMemoryEdge()
  ;({ token } = await seedLoggedInAdmin(edge, 'admin'))
  from = await seedServer(edge.seed, { name: 'from', incarnation: 'run-from', maxCapacity: 4 })
  to = await seedServer(edge.seed, { name: 'to', incarnation: 'run-to', maxCapacity: 4 })
  const customerId = await seedCustomer(edge.seed)
  for (const serverId of [from, from]) {
    await seedInstance(edge.seed, { customerId, serverId }, {}, { ownerIncarnation: 'run-from' })
  }
})

async function ask(method: string, path = ''): Promise<{ status: number; body: unknown }> {
  const headers = { authorization: `Bearer ${token}` }
  const response = await edge.request(`/api/admin/servers${path}`, { method, headers })
  return { status: response.status, body: await response.json() }
}

it('shows how full each server is, the fullest first if asked so', async () => {
  expect(await ask('GET', '?sort=-utilisation&limit=1')).toMatchObject({
    status: 200,
    body: {
      data: [{ id: from, utilisation: 0.5, lease: { live: true }, instances: { placed: 2, owned: 2 }, drain: null }],
      meta: { total: 2, page: 1, per_page: 1 },
    },
  })
})

it('tells by polling how far a drain has come, until it is done', async () => {
  expect(await ask('POST', `/${from}/drain`)).toMatchObject({
    body: { data: { status: 'draining', drain: { instances: 2, remaining: 2, gone: 0, done: false } } },
  })
  const [first, second] = await edge.seed.rows('instanceLeases', { serverId: from })
  // Placed elsewhere, but its worker holds it still.
  await edge.seed.update('instanceLeases', { instanceId: first!.instanceId }, { serverId: to })
  expect(await ask('GET', `/${from}`)).toMatchObject({ body: { data: { drain: { remaining: 2, gone: 0 } } } })
  await edge.seed.update('instanceLeases', { instanceId: first!.instanceId }, { ownerIncarnation: 'run-to' })
  expect(await ask('GET', `/${from}`)).toMatchObject({ body: { data: { drain: { remaining: 1, gone: 1 } } } })
  const moved = { serverId: to, ownerIncarnation: 'run-to' }
  await edge.seed.update('instanceLeases', { instanceId: second!.instanceId }, moved)
  expect(await ask('GET', `/${from}`)).toMatchObject({
    body: { data: { drain: { remaining: 0, gone: 2, done: true } } },
  })
  expect(await ask('POST', `/${from}/activate`)).toMatchObject({ body: { data: { status: 'active', drain: null } } })
})

it('orders a rebalance and shows what waits to be handed over', async () => {
  const { body } = await ask('POST', `/${to}/rebalance`)
  expect(body).toMatchObject({ data: { moves: [{ from, to }] } })
  expect(await ask('GET', `/${from}`)).toMatchObject({ body: { data: { instances: { placed: 1, leaving: 1 } } } })
  expect(await ask('GET', `/${to}`)).toMatchObject({ body: { data: { instances: { placed: 1, arriving: 1 } } } })
})
