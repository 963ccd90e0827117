import { beforeEach, describe, expect, it } from 'vitest'
import { newId, type CustomerId, type InstanceId, type ServerId } from '#contracts/ids.ts'
import { createMemoryApp, type MemoryApp } from '#core/testing/memory-app.ts'
import { seedCustomer, seedInstance, seedServer } from '#core/testing/seed.ts'
import { activateServer } from './activate-server.ts'
import { drainServer } from './drain-server.ts'
import { getServer } from './get-server.ts'
import { listServers } from './list-servers.ts'
import { moveInstance } from './move-instance.ts'
import { rebalanceServers } from './rebalance-servers.ts'

let app: MemoryApp
let customerId: CustomerId
let one: ServerId
let two: ServerId

beforeEach(async () => {
  app = createMemoryApp()
  customerId = await seedCustomer(app.seed)
  one = await seedServer(app.seed, { incarnation: 'run-one' })
  two = await seedServer(app.seed, { incarnation: 'run-two' })
})

const place = (serverId: ServerId, values = {}) =>
  seedInstance(app.seed, { customerId, serverId }, values, { ownerIncarnation: 'run-one' })
const placementOf = (id: InstanceId) => app.servers.placementOf(id)

describe('draining and activating', () => {
  it('changes the status, tells the worker, and shows how far it is', async () => {
    await place(one)
    expect(await drainServer(app, one)).toMatchObject({ id: one, status: 'draining', placed: 1, owned: 1 })
    expect(await drainServer(app, one)).toMatchObject({ status: 'draining' })
    expect(await activateServer(app, one)).toMatchObject({ status: 'active' })
    await app.background.settled()
    expect(app.gateway.looked).toEqual([one, one, one])
    expect(await getServer(app, one)).toMatchObject({ status: 'active' })
    expect((await listServers(app)).map(({ id }) => id)).toEqual([one, two].toSorted())
  })

  it('knows no server that is not there, and asks none that is dead', async () => {
    for (const verb of [drainServer, activateServer, getServer])
      await expect(verb(app, newId('server'))).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const dead = await seedServer(app.seed, { leaseExpiresAt: new Date(0) })
    await drainServer(app, dead)
    await app.background.settled()
    expect(app.gateway.looked).toEqual([])
  })
})

describe('moving an instance', () => {
  it('orders it to the named server, or to the best other one, and tells both workers', async () => {
    const id = await place(one)
    expect(await moveInstance(app, id, two)).toEqual({ from: one, to: two })
    expect(await placementOf(id)).toBe(two)
    expect(await moveInstance(app, id)).toEqual({ from: two, to: one })
    await app.background.settled()
    expect(app.gateway.looked.toSorted()).toEqual([one, one, two, two].toSorted())
  })

  it('to where it is already is no error', async () => {
    const id = await place(one)
    expect(await moveInstance(app, id, one)).toEqual({ from: one, to: one })
  })

  it('is refused for an unknown instance, and to a server that takes none', async () => {
    await expect(moveInstance(app, newId('instance'))).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const id = await place(one)
    await app.seed.update('servers', { id: two }, { status: 'maintenance' })
    await expect(moveInstance(app, id, two)).rejects.toMatchObject({ code: 'NO_CAPACITY' })
    await expect(moveInstance(app, id)).rejects.toMatchObject({ code: 'NO_CAPACITY' })
    expect(await placementOf(id)).toBe(one)
  })
})

describe('rebalancing', () => {
  it('orders the fewest moves, idle instances first, and nothing the second time', async () => {
    const busy = [await place(one), await place(one)]
    const idle = [await place(one, { state: 'logged_out' }), await place(one, { state: 'disconnected' })]
    const moves = await rebalanceServers(app)
    expect(moves.toSorted((a, b) => (a.instanceId < b.instanceId ? -1 : 1))).toEqual(
      idle.toSorted().map((instanceId) => ({ instanceId, from: one, to: two })),
    )
    expect(await Promise.all(busy.map(placementOf))).toEqual([one, one])
    await app.background.settled()
    expect(app.gateway.looked.toSorted()).toEqual([one, two].toSorted())
    expect(await rebalanceServers(app)).toEqual([])
  })
})
