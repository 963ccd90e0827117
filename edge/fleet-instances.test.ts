import { beforeEach, expect, it } from 'vitest'
import type { CustomerId, InstanceId, ServerId } from '#contracts/ids.ts'
import { seedCustomer, seedInstance, seedServer } from '#core/testing/seed.ts'
import { openMemoryEdge } from './testing/open-memory-edge.ts'
import { seedLoggedInAdmin } from './testing/seed-logged-in-admin.ts'
import type { TestEdge } from './testing/test-edge.ts'

/** What an admin does with the instances of all customers. */

let edge: TestEdge
let token: string
let from: ServerId
let to: ServerId
let customerId: CustomerId
let first: InstanceId
let second: InstanceId
beforeEach(async () => {
  edge = await openMemoryEdge()
  ;({ token } = await seedLoggedInAdmin(edge, 'admin'))
  from = await seedServer(edge.seed, { name: 'from', incarnation: 'run-from' })
  to = await seedServer(edge.seed, { name: 'to', incarnation: 'run-to', maxCapacity: 1 })
  customerId = await seedCustomer(edge.seed, { name: 'Shop' })
  const place = () => seedInstance(edge.seed, { customerId, serverId: from }, {}, { ownerIncarnation: 'run-from' })
  ;[first, second] = [await place(), await place()]
})

async function ask(method: string, path: string, body?: object): Promise<{ status: number; body: unknown }> {
  const response = await edge.request(`/api/admin${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: body === undefined ? null : JSON.stringify(body),
  })
  return { status: response.status, body: await response.json() }
}

const actionsOn = async (target: string) => (await edge.seed.rows('auditLogs', { target })).map(({ action }) => action)

it('lists them with their customers and servers, filtered, sorted and by page', async () => {
  const other = await seedInstance(edge.seed, { customerId: await seedCustomer(edge.seed), serverId: to })
  expect(await ask('GET', `/instances?sort=created_at&limit=2&customer_id=${customerId}`)).toMatchObject({
    status: 200,
    body: {
      data: [
        { id: first, customer: { id: customerId, name: 'Shop' }, server: { id: from, name: 'from' } },
        { id: second, held_by: { id: from, name: 'from' } },
      ],
      meta: { total: 2, page: 1, per_page: 2 },
    },
  })
  expect(await ask('GET', `/instances?server_id=${to}`)).toMatchObject({ body: { data: [{ id: other }] } })
  expect(await ask('GET', `/servers/${to}/instances?state=connected`)).toMatchObject({
    body: { data: [{ id: other }] },
  })
  expect(await ask('GET', `/servers/${to}/instances?state=failed`)).toMatchObject({ body: { meta: { total: 0 } } })
})

it('orders a move, which can be followed until the other worker holds the instance', async () => {
  expect(await ask('POST', `/instances/${first}/move`, { server_id: to })).toMatchObject({
    status: 202,
    body: { data: { server: { id: to }, held_by: { id: from } } },
  })
  await edge.seed.update('instanceLeases', { instanceId: first }, { ownerIncarnation: 'run-to', epoch: 2 })
  expect(await ask('GET', `/instances/${first}`)).toMatchObject({ body: { data: { held_by: { id: to } } } })
  expect(await ask('POST', `/instances/${second}/move`, {})).toMatchObject({
    status: 503,
    body: { error: { code: 'NO_CAPACITY' } },
  })
  expect(await actionsOn(first)).toEqual(['instance.move'])
  expect(await actionsOn(second)).toEqual([])
})

it('restarts and logs out by asking the worker, in the audit log before it asks', async () => {
  expect((await ask('POST', `/instances/${first}/restart`)).status).toBe(503)
  Object.assign(edge.worker.answers, { restart: () => ({}), logout: () => ({}) })
  expect(await ask('POST', `/instances/${first}/restart`)).toMatchObject({ status: 202, body: { data: { id: first } } })
  expect(await ask('POST', `/instances/${first}/logout`)).toMatchObject({ body: { data: { desired: 'stopped' } } })
  expect(edge.worker.seen.map(({ command }) => command)).toEqual(['restart', 'restart', 'logout'])
  expect(await actionsOn(first)).toEqual(['instance.restart', 'instance.restart', 'instance.logout'])
})

it('moves a customer to a server as far as that has room, and says what stays', async () => {
  const reassign = (server_id: string) => ask('POST', `/customers/${customerId}/reassign`, { server_id })
  expect(await reassign(from)).toMatchObject({ status: 202, body: { data: { moves: [], left: 0 } } })
  expect(await actionsOn(customerId)).toEqual([])
  expect(await reassign(to)).toMatchObject({
    status: 202,
    body: { data: { moves: [{ from, to }], left: 1 } },
  })
  expect(await reassign(to)).toMatchObject({ status: 503, body: { error: { code: 'NO_CAPACITY' } } })
  expect(await actionsOn(customerId)).toEqual(['customer.reassign'])
})
