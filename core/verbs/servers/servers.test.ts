import { beforeEach, describe, expect, it } from 'vitest'
import { newId, type CustomerId, type InstanceId, type ServerId } from '#contracts/ids.ts'
import { createMemoryApp, type MemoryApp } from '#core/testing/memory-app.ts'
import type { AdminActor } from '#core/verbs/admin-app.ts'
import { seedCustomer, seedInstance, seedServer } from '#core/testing/seed.ts'
import { activateServer } from './activate-server.ts'
import { drainServer } from './drain-server.ts'
import { getServer } from './get-server.ts'
import { moveInstance } from './move-instance.ts'
import { rebalanceServer } from './rebalance-server.ts'

const actor: AdminActor = {
  adminId: newId('admin'),
  sessionId: newId('adminSession'),
  email: 'ana@example.com',
  role: 'admin',
  requestId: newId('request'),
  address: null,
}

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
    expect(await drainServer(app, actor, one)).toMatchObject({ id: one, status: 'draining', placed: 1, owned: 1 })
    expect(await drainServer(app, actor, one)).toMatchObject({ status: 'draining' })
    expect(await activateServer(app, actor, one)).toMatchObject({ status: 'active' })
    await app.background.settled()
    expect(app.gateway.looked).toEqual([one, one, one])
    expect(await getServer(app, one)).toMatchObject({ status: 'active' })
  })

  it('knows no server that is not there, and asks none that is dead', async () => {
    for (const verb of [drainServer, activateServer, rebalanceServer])
      await expect(verb(app, actor, newId('server'))).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(getServer(app, newId('server'))).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const dead = await seedServer(app.seed, { leaseExpiresAt: new Date(0) })
    await drainServer(app, actor, dead)
    await app.background.settled()
    expect(app.gateway.looked).toEqual([])
  })
})

describe('moving an instance', () => {
  it('orders it to the named server, or to the best other one, and tells both workers', async () => {
    const id = await place(one)
    expect(await moveInstance(app, actor, id, two)).toEqual({ from: one, to: two })
    expect(await placementOf(id)).toBe(two)
    expect(await moveInstance(app, actor, id)).toEqual({ from: two, to: one })
    await app.background.settled()
    expect(app.gateway.looked.toSorted()).toEqual([one, one, two, two].toSorted())
  })

  it('to where it is already is no error', async () => {
    const id = await place(one)
    expect(await moveInstance(app, actor, id, one)).toEqual({ from: one, to: one })
  })

  it('is refused for an unknown instance, and to a server that takes none', async () => {
    await expect(moveInstance(app, actor, newId('instance'))).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const id = await place(one)
    await app.seed.update('servers', { id: two }, { status: 'maintenance' })
    await expect(moveInstance(app, actor, id, two)).rejects.toMatchObject({ code: 'NO_CAPACITY' })
    await expect(moveInstance(app, actor, id)).rejects.toMatchObject({ code: 'NO_CAPACITY' })
    expect(await placementOf(id)).toBe(one)
  })
})

describe('rebalancing', () => {
  it('orders the fewest moves, idle instances first, and nothing the second time', async () => {
    const busy = [await place(one), await place(one)]
    const idle = [await place(one, { state: 'logged_out' }), await place(one, { state: 'disconnected' })]
    const moves = await rebalanceServer(app, actor, one)
    expect(moves.toSorted((a, b) => (a.instanceId < b.instanceId ? -1 : 1))).toEqual(
      idle.toSorted().map((instanceId) => ({ instanceId, from: one, to: two })),
    )
    expect(await Promise.all(busy.map(placementOf))).toEqual([one, one])
    await app.background.settled()
    expect(app.gateway.looked.toSorted()).toEqual([one, two].toSorted())
    expect(await rebalanceServer(app, actor, one)).toEqual([])
    const actions = (await app.seed.rows('auditLogs', { target: one })).map(({ action, adminId }) => [action, adminId])
    expect(actions).toEqual([['server.rebalance', actor.adminId]])
  })

  it('is refused for a server that takes no instances', async () => {
    await app.seed.update('servers', { id: one }, { status: 'draining' })
    await expect(rebalanceServer(app, actor, one)).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  it('leaves alone what is between other servers', async () => {
    const three = await seedServer(app.seed, { incarnation: 'run-three', region: 'us' })
    const four = await seedServer(app.seed, { incarnation: 'run-four', region: 'us' })
    const far = [await place(three), await place(three)]
    expect(await rebalanceServer(app, actor, one)).toEqual([])
    expect(await Promise.all(far.map(placementOf))).toEqual([three, three])
    expect(await rebalanceServer(app, actor, four)).toMatchObject([{ from: three, to: four }])
  })
})
