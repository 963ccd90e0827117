import { beforeEach, describe, expect, it } from 'vitest'
import { ApiError } from '#contracts/errors.ts'
import { newId, type InstanceId, type ServerId } from '#contracts/ids.ts'
import type { WorkerAnswers } from '#core/testing/fake-worker-gateway.ts'
import { createMemoryApp, type MemoryApp } from '#core/testing/memory-app.ts'
import { seedActor } from '#core/testing/seed-actor.ts'
import { seedInstance, seedServer } from '#core/testing/seed.ts'
import type { Actor } from '#core/verbs/app.ts'
import { createInstance } from './create-instance.ts'
import { deleteInstance } from './delete-instance.ts'
import { getInstance } from './get-instance.ts'
import { getQr } from './get-qr.ts'
import { listInstances } from './list-instances.ts'
import { logoutInstance } from './logout-instance.ts'
import { requestPairingCode } from './request-pairing-code.ts'
import { restartInstance } from './restart-instance.ts'
import { startInstance } from './start-instance.ts'
import { stopInstance } from './stop-instance.ts'
import { updateInstance } from './update-instance.ts'

let answers: WorkerAnswers
let app: MemoryApp
let actor: Actor
let serverId: ServerId
let instanceId: InstanceId

beforeEach(async () => {
  answers = {}
  app = createMemoryApp({ answers })
  actor = await seedActor(app.seed)
  serverId = await seedServer(app.seed)
  instanceId = await seedInstance(app.seed, { customerId: actor.customerId, serverId })
})

describe('creating', () => {
  it('places the instance on the least loaded live server', async () => {
    const empty = await seedServer(app.seed)
    await seedServer(app.seed, { leaseExpiresAt: new Date(0) })
    const { id } = await createInstance(app, actor, { name: 'shop', start: true })
    expect(await app.seed.rows('instanceLeases', { instanceId: id })).toMatchObject([{ serverId: empty }])
  })

  it("prefers the customer's server, then its region, and takes any other rather than none", async () => {
    const own = await seedServer(app.seed, { region: 'eu', maxCapacity: 2 })
    const near = await seedServer(app.seed, { region: 'sa', maxCapacity: 1 })
    await seedServer(app.seed, { region: 'us' })
    const placed = async () => {
      const { id } = await createInstance(app, actor, { name: 'shop', start: true })
      return (await app.seed.rows('instanceLeases', { instanceId: id }))[0]?.serverId
    }
    await app.seed.update('customers', { id: actor.customerId }, { region: 'sa', assignedServerId: own })
    expect([await placed(), await placed()]).toEqual([own, own])
    expect(await placed()).toBe(near)
    expect([own, near]).not.toContain(await placed())
  })

  it('starts it unless told otherwise', async () => {
    expect((await createInstance(app, actor, { name: 'a', start: true })).desired).toBe('running')
    expect((await createInstance(app, actor, { name: 'b', start: false })).desired).toBe('stopped')
  })

  it('chooses again when the chosen server filled up, and gives up in the end', async () => {
    let attempts = 0
    const instances = { ...app.instances, create: async () => (attempts++, { outcome: 'server-full' as const }) }
    const creating = createInstance({ ...app, instances }, actor, { name: 'a', start: true })
    await expect(creating).rejects.toMatchObject({ code: 'NO_CAPACITY', retryAfterSeconds: 60 })
    expect(attempts).toBe(3)
  })

  it('refuses when no server is live', async () => {
    await app.seed.update('servers', { id: serverId }, { leaseExpiresAt: new Date(0) })
    await expect(createInstance(app, actor, { name: 'a', start: true })).rejects.toMatchObject({ code: 'NO_CAPACITY' })
  })

  it("refuses beyond the plan's number", async () => {
    await app.seed.update('customers', { id: actor.customerId }, { plan: 'basic' })
    const creating = createInstance(app, actor, { name: 'a', start: true })
    await expect(creating).rejects.toMatchObject({ code: 'INSTANCE_LIMIT_REACHED', message: /allows 1 instance\./ })
  })
})

it('lists, gets and renames own instances only', async () => {
  const stranger = await seedActor(app.seed)
  await updateInstance(app, actor, { id: instanceId, name: 'renamed' })
  expect((await listInstances(app, actor, { limit: 10 })).items).toMatchObject([{ id: instanceId, name: 'renamed' }])
  expect((await listInstances(app, stranger, { limit: 10 })).items).toEqual([])
  await expect(getInstance(app, stranger, instanceId)).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

describe('wanting', () => {
  it('start and stop need no worker', async () => {
    expect((await stopInstance(app, actor, instanceId)).desired).toBe('stopped')
    expect((await startInstance(app, actor, instanceId)).desired).toBe('running')
  })

  it('start and stop tell the owning worker to look now', async () => {
    answers.sync = () => ({})
    await stopInstance(app, actor, instanceId)
    await app.background.settled()
    expect(app.gateway.seen).toMatchObject([{ command: 'sync', route: { instanceId, serverId, epoch: 1 } }])
  })

  it('delete ends it for the customer at once and tells the worker', async () => {
    answers.sync = () => ({})
    await deleteInstance(app, actor, instanceId)
    await app.background.settled()
    expect(app.gateway.seen).toMatchObject([{ command: 'sync' }])
    await expect(getInstance(app, actor, instanceId)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(deleteInstance(app, actor, instanceId)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

describe('commanding', () => {
  it('gives what the worker answers', async () => {
    const expires_at = '2026-03-01T12:00:00.000Z'
    answers.qr = () => ({ qr: '2@abc', expires_at })
    answers['pairing-code'] = () => ({ code: 'ABCD1234', expires_at })
    answers.restart = () => ({})
    expect(await getQr(app, actor, instanceId)).toEqual({ qr: '2@abc', expires_at })
    const asked = { id: instanceId, phoneNumber: '+5511999990001' }
    expect(await requestPairingCode(app, actor, asked)).toEqual({ code: 'ABCD1234', expires_at })
    expect((await restartInstance(app, actor, instanceId)).id).toBe(instanceId)
  })

  it('logging out also stops, so that no new QR code appears', async () => {
    answers.logout = () => ({})
    expect((await logoutInstance(app, actor, instanceId)).desired).toBe('stopped')
  })

  it('a failed log-out changes nothing', async () => {
    await expect(logoutInstance(app, actor, instanceId)).rejects.toMatchObject({ code: 'WORKER_UNAVAILABLE' })
    expect((await getInstance(app, actor, instanceId)).desired).toBe('running')
  })

  it('passes on what the worker refuses', async () => {
    answers.qr = () => new ApiError('INSTANCE_NOT_PAIRING', 'It is paired already.')
    await expect(getQr(app, actor, instanceId)).rejects.toMatchObject({ code: 'INSTANCE_NOT_PAIRING' })
  })

  it('reads the route again when the instance has moved, and tries once more', async () => {
    const taker = await seedServer(app.seed)
    answers.qr = ({ route }) => {
      if (route.serverId === taker) return { qr: '2@abc', expires_at: '2026-03-01T12:00:00.000Z' }
      void app.seed.update('instanceLeases', { instanceId }, { serverId: taker, epoch: 2 })
      return new ApiError('INSTANCE_MOVED', 'Not here.')
    }
    expect((await getQr(app, actor, instanceId)).qr).toBe('2@abc')
    expect(app.gateway.seen.map(({ route }) => route.epoch)).toEqual([1, 2])
  })

  it('an instance that moves twice is unavailable, not moved', async () => {
    answers.qr = () => new ApiError('INSTANCE_MOVED', 'Not here.')
    await expect(getQr(app, actor, instanceId)).rejects.toMatchObject({ code: 'WORKER_UNAVAILABLE' })
    expect(app.gateway.seen).toHaveLength(2)
  })

  it('says whether nobody runs it because it is stopped or because its worker is lost', async () => {
    await app.seed.update('instanceLeases', { instanceId }, { ownerIncarnation: null })
    await expect(getQr(app, actor, instanceId)).rejects.toMatchObject({ code: 'WORKER_UNAVAILABLE' })
    await app.seed.update('instances', { id: instanceId }, { desired: 'stopped' })
    await expect(getQr(app, actor, instanceId)).rejects.toMatchObject({ code: 'CONFLICT', message: /start it first/ })
    expect(app.gateway.seen).toEqual([])
  })

  it('answers an unknown instance as such', async () => {
    await expect(getQr(app, actor, newId('instance'))).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})
