import { describe, expect, it } from 'vitest'
import { eventDataSchemas } from '#contracts/events.ts'
import { newId, type InstanceId, type ServerId } from '#contracts/ids.ts'
import { FencedOut } from '#core/ports/session-leases.ts'
import { presentStateChange } from '#core/rules/present-instance.ts'
import { seedCustomer, seedInstance, seedServer } from '#core/testing/seed.ts'
import { eventsOf, fromNow, seedEndpoint } from './worker-seeds.ts'
import type { WorkerWorld } from './worker-world.ts'

export function fleetConformance(world: () => WorkerWorld): void {
  const dead = { incarnation: 'run-dead', leaseExpiresAt: fromNow(-5_000) }
  const ended = { incarnation: null, leaseExpiresAt: fromNow(-5_000) }

  /** This run's server, and a customer. */
  async function arrange() {
    const { seed } = world()
    const serverId = await seedServer(seed, { incarnation: 'run-me' })
    return { customerId: await seedCustomer(seed), serverId, me: { serverId, incarnation: 'run-me' } }
  }
  const place = (customerId: `cus_${string}`, serverId: ServerId, values = {}, lease = {}) =>
    seedInstance(world().seed, { customerId, serverId }, values, { ownerIncarnation: 'run-dead', ...lease })
  const leaseOf = async (instanceId: InstanceId) => (await world().seed.rows('instanceLeases', { instanceId }))[0]
  const instanceOf = async (id: InstanceId) => (await world().seed.rows('instances', { id }))[0]

  describe('a look at the fleet', () => {
    it('tells the status of the own server, and nothing to a run that does not hold its lease', async () => {
      const { fleet, seed } = world()
      const { me } = await arrange()
      expect(await fleet.look(me)).toMatchObject({ status: 'active', lost: false })
      await seed.update('servers', { id: me.serverId }, { status: 'draining' })
      expect(await fleet.look(me)).toMatchObject({ status: 'draining', lost: false })
      expect(await fleet.look({ ...me, incarnation: 'run-other' })).toBeUndefined()
      await seed.update('servers', { id: me.serverId }, { leaseExpiresAt: fromNow(-1) })
      expect(await fleet.look(me)).toBeUndefined()
    })

    it.each([
      ['whose run died', dead, true],
      ['that gave its lease back', ended, true],
      ['that never ran', { incarnation: null, leaseExpiresAt: null }, true],
      ['that was deleted', { ...ended, deletedAt: fromNow(-9) }, true],
      ['that lives', { incarnation: 'run-dead' }, false],
    ])('sees what is left on a server %s', async (_, server, lost) => {
      const { fleet, seed } = world()
      const { customerId, me } = await arrange()
      await place(customerId, await seedServer(seed, server))
      expect(await fleet.look(me)).toMatchObject({ status: 'active', lost })
    })

    it('gives a run that is just being replaced a second', async () => {
      const { fleet, seed } = world()
      const { customerId, me } = await arrange()
      const id = await seedServer(seed, { incarnation: 'run-dead' })
      await place(customerId, id)
      await seed.update('servers', { id }, { leaseExpiresAt: fromNow(-1) })
      expect(await fleet.look(me)).toMatchObject({ status: 'active', lost: false })
    })

    it.each([
      ['has not been renewed for long', 1_000, true],
      ['ended moments ago', -1_000, true],
      ['ended long ago', -60_000, false],
      ['is renewed', 9_000, false],
    ])('says to look again soon when the lease of another server %s', async (_, leftMs, expiring) => {
      const { fleet, seed } = world()
      const { customerId, me } = await arrange()
      const id = await seedServer(seed, { incarnation: 'run-dead' })
      await place(customerId, id)
      await seed.update('servers', { id }, { leaseExpiresAt: fromNow(leftMs) })
      expect(await fleet.look(me)).toMatchObject({ expiring })
    })

    it('sees nothing where nothing is wanted, and something where a state does not say so', async () => {
      const { fleet, seed } = world()
      const { customerId, me } = await arrange()
      const gone = await seedServer(seed, ended)
      await place(customerId, gone, { desired: 'stopped', state: 'stopped' })
      await place(customerId, gone, { deletedAt: fromNow(-1), desired: 'stopped' })
      expect(await fleet.look(me)).toMatchObject({ lost: false })
      await place(customerId, gone, { desired: 'stopped', state: 'connected' })
      expect(await fleet.look(me)).toMatchObject({ lost: true })
    })
  })

  describe('ending dead leases', () => {
    it('ends each once, so that its run can never renew and another can claim', async () => {
      const { fleet, seed, serverLeases } = world()
      const { me } = await arrange()
      const id = await seedServer(seed, dead)
      expect(await fleet.endDeadLeases(me)).toEqual([id])
      expect(await fleet.endDeadLeases(me)).toEqual([])
      expect(await serverLeases.renew(id, 'run-dead', 12_000)).toBeUndefined()
      expect(await serverLeases.claim(id, 'run-next', 12_000)).toBeDefined()
    })

    it('leaves those that live, or died less than a second ago, and does nothing for a run without a lease', async () => {
      const { fleet, seed } = world()
      const { me } = await arrange()
      await seedServer(seed, { incarnation: 'run-2' })
      await seedServer(seed, { ...dead, leaseExpiresAt: fromNow(-10) })
      expect(await fleet.endDeadLeases(me)).toEqual([])
      await seedServer(seed, dead)
      expect(await fleet.endDeadLeases({ ...me, incarnation: 'run-other' })).toEqual([])
    })
  })

  describe('orphans', () => {
    it('are what ended servers leave: wanted, or not yet said to be stopped, and owned by no live run', async () => {
      const { fleet, seed } = world()
      const { customerId, serverId } = await arrange()
      const gone = await seedServer(seed, { ...ended, region: 'sa' })
      await seedServer(seed, { incarnation: 'run-live' })
      const orphans = [
        await place(customerId, gone),
        await place(customerId, gone, { state: 'logged_out', reason: 'wa-logged-out' }, { ownerIncarnation: null }),
        await place(customerId, gone, { desired: 'stopped', state: 'connected' }),
      ]
      await place(customerId, gone, { desired: 'stopped', state: 'stopped' })
      await place(customerId, gone, {}, { ownerIncarnation: 'run-live' })
      await place(customerId, serverId)
      await place(customerId, await seedServer(seed, { ...dead, incarnation: 'run-dead-2' }))
      const expected = orphans.toSorted().map((instanceId) => ({ instanceId, from: gone, region: 'sa' }))
      expect(await fleet.orphans(10)).toEqual(expected)
      expect(await fleet.orphans(2)).toEqual(expected.slice(0, 2))
    })
  })

  describe('taking over', () => {
    it('places an orphan anew, fences the dead run out and tells it, once', async () => {
      const { fleet, seed, sessionLeases } = world()
      const { customerId, serverId, me } = await arrange()
      const gone = await seedServer(seed, ended)
      const instanceId = await place(customerId, gone)
      const listening = await seedEndpoint(world(), customerId, { events: ['instance.state_changed'] })
      const order = { instanceId, from: gone, to: serverId }
      expect(await fleet.takeOver(me, [order])).toEqual([instanceId])
      expect(await fleet.takeOver(me, [order])).toEqual([])

      expect(await leaseOf(instanceId)).toEqual({ instanceId, serverId, epoch: 2, ownerIncarnation: null })
      expect(await instanceOf(instanceId)).toMatchObject({ state: 'disconnected', reason: 'worker-lost' })
      const events = await eventsOf(seed, instanceId)
      expect(events.map(({ data }) => eventDataSchemas['instance.state_changed'].parse(data))).toEqual([
        presentStateChange({
          id: instanceId,
          state: 'disconnected',
          reason: 'worker-lost',
          phoneNumber: '+5511999990001',
        }),
      ])
      expect(await seed.rows('deliveries')).toMatchObject([{ endpointId: listening, lane: instanceId }])
      const late = { instanceId, epoch: 1, incarnation: 'run-dead' }
      await expect(sessionLeases.reportState(late, { state: 'connected', reason: null })).rejects.toThrow(FencedOut)
      expect(await sessionLeases.acquire(serverId, 'run-me', [instanceId])).toMatchObject([{ epoch: 3 }])
    })

    it('never goes beyond a capacity, and says of the rest nothing yet', async () => {
      const { fleet, seed } = world()
      const { customerId, me } = await arrange()
      const gone = await seedServer(seed, ended)
      const small = await seedServer(seed, { incarnation: 'run-small', maxCapacity: 3 })
      await place(customerId, small, { desired: 'stopped' })
      await place(customerId, small, { deletedAt: fromNow(-1) })
      const orphans = await Promise.all([1, 2, 3].map(() => place(customerId, gone)))
      const moved = await fleet.takeOver(
        me,
        orphans.map((instanceId) => ({ instanceId, from: gone, to: small })),
      )
      expect(moved).toHaveLength(2)
      const [left] = orphans.filter((id) => !moved.includes(id))
      expect(await leaseOf(left ?? newId('instance'))).toMatchObject({ serverId: gone, ownerIncarnation: null })
      expect(await instanceOf(left ?? newId('instance'))).toMatchObject({ state: 'connected' })
    })

    it('of what has no new server tells that there is no room, once, and fences the dead run out', async () => {
      const { fleet, seed } = world()
      const { customerId, me } = await arrange()
      const gone = await seedServer(seed, ended)
      const instanceId = await place(customerId, gone)
      for (let turn = 0; turn < 2; turn += 1) {
        expect(await fleet.takeOver(me, [{ instanceId, from: gone, to: null }])).toEqual([])
      }
      expect(await leaseOf(instanceId)).toEqual({ instanceId, serverId: gone, epoch: 2, ownerIncarnation: null })
      expect(await instanceOf(instanceId)).toMatchObject({ state: 'disconnected', reason: 'no-capacity' })
      expect(await eventsOf(seed, instanceId)).toHaveLength(1)
      expect(await fleet.orphans(10)).toHaveLength(1)
    })

    it.each(['stopped', 'logged_out', 'banned', 'failed', 'created'] as const)(
      'keeps the state %s: nothing ran',
      async (state) => {
        const { fleet, seed } = world()
        const { customerId, serverId, me } = await arrange()
        const gone = await seedServer(seed, ended)
        const instanceId = await place(customerId, gone, { state })
        expect(await fleet.takeOver(me, [{ instanceId, from: gone, to: serverId }])).toEqual([instanceId])
        expect(await instanceOf(instanceId)).toMatchObject({ state })
        expect(await eventsOf(seed, instanceId)).toEqual([])
      },
    )

    it('does nothing when the server came back, when another was quicker, and for a run without a lease', async () => {
      const { fleet, seed } = world()
      const { customerId, serverId, me } = await arrange()
      const back = await seedServer(seed, { incarnation: 'run-back' })
      const gone = await seedServer(seed, ended)
      const orders = [
        { instanceId: await place(customerId, back), from: back, to: serverId },
        { instanceId: await place(customerId, serverId), from: gone, to: serverId },
      ]
      expect(await fleet.takeOver(me, orders)).toEqual([])
      const orphan = { instanceId: await place(customerId, gone), from: gone, to: serverId }
      expect(await fleet.takeOver({ ...me, incarnation: 'run-other' }, [orphan])).toEqual([])
      expect(await fleet.takeOver(me, [])).toEqual([])
      expect(await seed.rows('events')).toEqual([])
    })

    it('places nothing on a server that takes none', async () => {
      const { fleet, seed } = world()
      const { customerId, me } = await arrange()
      const gone = await seedServer(seed, ended)
      const refusing = [
        await seedServer(seed, { incarnation: 'run-2', status: 'draining' }),
        await seedServer(seed, { incarnation: 'run-3', stopping: true }),
        await seedServer(seed, { incarnation: 'run-4', leaseExpiresAt: fromNow(-1) }),
        await seedServer(seed, { incarnation: 'run-5', deletedAt: fromNow(-1) }),
      ]
      const orders = await Promise.all(
        refusing.map(async (to) => ({ instanceId: await place(customerId, gone), from: gone, to })),
      )
      expect(await fleet.takeOver(me, orders)).toEqual([])
    })
  })

  describe('what a run has to place elsewhere', () => {
    it('is all that is placed on its server, or what is wanted of it, or none', async () => {
      const { fleet, seed } = world()
      const { customerId, serverId, me } = await arrange()
      const wanted = await place(customerId, serverId, {}, { ownerIncarnation: 'run-me' })
      const stopped = await place(customerId, serverId, { desired: 'stopped', state: 'stopped' })
      await place(customerId, serverId, { deletedAt: fromNow(-1) })
      await place(customerId, await seedServer(seed, { incarnation: 'run-2' }))
      const ids = async (scope: 'all' | 'wanted' | 'none') =>
        (await fleet.toPlace(me, scope)).map(({ instanceId }) => instanceId)
      expect(await ids('all')).toEqual([wanted, stopped].toSorted())
      expect(await ids('wanted')).toEqual([wanted])
      expect(await ids('none')).toEqual([])
    })

    it('is always what it owns that waits for a server which takes nothing any more', async () => {
      const { fleet, seed } = world()
      const { customerId, me } = await arrange()
      const stopping = await seedServer(seed, { incarnation: 'run-2', stopping: true })
      const taking = await seedServer(seed, { incarnation: 'run-3' })
      const waiting = await place(customerId, stopping, {}, { ownerIncarnation: 'run-me' })
      await place(customerId, taking, {}, { ownerIncarnation: 'run-me' })
      await place(customerId, stopping, {}, { ownerIncarnation: 'run-2' })
      expect(await fleet.toPlace(me, 'none')).toEqual([{ instanceId: waiting, from: stopping, region: 'eu' }])
    })
  })

  describe('placing', () => {
    it('changes where an instance is placed, and nothing else: its owner hands it over', async () => {
      const { fleet, seed, sessionLeases } = world()
      const { customerId, serverId, me } = await arrange()
      const to = await seedServer(seed, { incarnation: 'run-2' })
      const instanceId = await place(customerId, serverId, {}, { ownerIncarnation: 'run-me' })
      expect(await fleet.place(me, [{ instanceId, from: serverId, to }])).toEqual([instanceId])
      expect(await fleet.place(me, [])).toEqual([])
      expect(await leaseOf(instanceId)).toEqual({
        instanceId,
        serverId: to,
        epoch: 1,
        ownerIncarnation: 'run-me',
      })
      const [assignment] = await sessionLeases.assignments(serverId, me.incarnation)
      expect(assignment).toMatchObject({ instanceId, placedOn: to, desired: 'running' })
      expect(await sessionLeases.acquire(to, 'run-2', [instanceId])).toEqual([])
    })

    it('does nothing for a run that holds its lease no more: the order came late', async () => {
      const { fleet, seed } = world()
      const { customerId, serverId, me } = await arrange()
      const to = await seedServer(seed, { incarnation: 'run-2' })
      const move = { instanceId: await place(customerId, serverId), from: serverId, to }
      expect(await fleet.place({ serverId, incarnation: 'run-before' }, [move])).toEqual([])
      await seed.update('servers', { id: serverId }, { leaseExpiresAt: fromNow(-1) })
      expect(await fleet.place(me, [move])).toEqual([])
      expect(await leaseOf(move.instanceId)).toMatchObject({ serverId })
    })
  })

  describe('arrivals', () => {
    it('are what is on its way to a connection at servers that take instances', async () => {
      const { fleet, seed } = world()
      const { customerId } = await arrange()
      const busy = await seedServer(seed, { incarnation: 'run-2' })
      const idle = await seedServer(seed, { incarnation: 'run-3' })
      const stopping = await seedServer(seed, { incarnation: 'run-4', stopping: true })
      await place(customerId, busy, { state: 'disconnected', reason: 'moved' })
      await place(customerId, busy, { state: 'disconnected', reason: 'worker-lost' })
      await place(customerId, busy, { state: 'starting' })
      await place(customerId, busy, { state: 'starting', stateChangedAt: fromNow(-11_000) })
      await place(customerId, busy, { state: 'disconnected', reason: 'wa-unavailable' })
      await place(customerId, busy)
      const counts = await fleet.arrivals([busy, idle, stopping])
      expect([...counts]).toHaveLength(2)
      expect([counts.get(busy), counts.get(idle)]).toEqual([3, 0])
    })
  })

  describe('candidates', () => {
    it('are the servers that take instances now, until their run is about to end', async () => {
      const { fleet, seed, serverLeases } = world()
      const { customerId, serverId, me } = await arrange()
      await seedServer(seed, { incarnation: 'run-2', status: 'maintenance' })
      await seedServer(seed, dead)
      await place(customerId, serverId)
      const candidate = { id: serverId, region: 'eu', maxCapacity: 100, instances: 1, live: true, health: 'healthy' }
      expect(await fleet.candidates()).toEqual([candidate])
      await serverLeases.renew(serverId, me.incarnation, 12_000, 'degraded')
      expect(await fleet.candidates()).toEqual([{ ...candidate, health: 'degraded' }])
      await fleet.markStopping({ ...me, incarnation: 'run-other' })
      expect(await fleet.candidates()).toHaveLength(1)
      await fleet.markStopping(me)
      expect(await fleet.candidates()).toEqual([])
      await serverLeases.release(serverId, me.incarnation)
      await serverLeases.claim(serverId, 'run-next', 12_000)
      expect(await fleet.candidates()).toHaveLength(1)
    })
  })
}
