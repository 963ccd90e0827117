import { describe, expect, it } from 'vitest'
import { eventDataSchemas } from '#contracts/events.ts'
import { newId } from '#contracts/ids.ts'
import { FencedOut } from '#core/ports/session-leases.ts'
import { presentStateChange } from '#core/rules/present-instance.ts'
import { seedCustomer, seedInstance, seedServer } from '#core/testing/seed.ts'
import { eventsOf, fromNow, seedEndpoint, seedOwnedInstance } from './worker-seeds.ts'
import type { WorkerWorld } from './worker-world.ts'

export function sessionLeasesConformance(world: () => WorkerWorld): void {
  const unowned = { epoch: 3, ownerIncarnation: null }

  describe('assignments', () => {
    it('show what is placed here and wanted, with the fence of what this run owns', async () => {
      const { seed, sessionLeases } = world()
      const { customerId, serverId, instanceId, fence } = await seedOwnedInstance(seed)
      const free = await seedInstance(seed, { customerId, serverId }, { state: 'created', phoneNumber: null }, unowned)
      const stale = await seedInstance(seed, { customerId, serverId }, {}, { ownerIncarnation: 'run-0' })
      const elsewhere = await seedServer(seed, { incarnation: 'run-9' })
      await seedInstance(seed, { customerId, serverId: elsewhere }, {}, unowned)

      const found = new Map((await sessionLeases.assignments(serverId, 'run-1')).map((row) => [row.instanceId, row]))
      expect([...found.keys()].toSorted()).toEqual([instanceId, free, stale].toSorted())
      expect(found.get(instanceId)).toEqual({
        instanceId,
        customerId,
        desired: 'running',
        state: 'connected',
        reason: null,
        phoneNumber: '+5511999990001',
        placedOn: serverId,
        fence,
      })
      expect(found.get(free)).toMatchObject({ desired: 'running', state: 'created', fence: undefined })
      expect(found.get(stale)?.fence).toBeUndefined()
    })

    it.each([
      ['stopped', { desired: 'stopped' as const }, undefined],
      ['deleted', { deletedAt: fromNow(-1) }, undefined],
      ["a suspended customer's", {}, { status: 'suspended' as const }],
      ["a deleted customer's", {}, { deletedAt: fromNow(-1) }],
    ])('show what this run owns as stopped when it is %s', async (_, values, customer) => {
      const { seed, sessionLeases } = world()
      const { customerId, serverId, instanceId, fence } = await seedOwnedInstance(seed, values)
      if (customer !== undefined) await seed.update('customers', { id: customerId }, customer)
      const found = await sessionLeases.assignments(serverId, 'run-1')
      expect(found).toEqual([expect.objectContaining({ instanceId, desired: 'stopped', fence })])
    })

    it('still show what this run owns although it was placed elsewhere meanwhile', async () => {
      const { seed, sessionLeases } = world()
      const { serverId, instanceId, fence } = await seedOwnedInstance(seed)
      await seed.update('instanceLeases', { instanceId }, { serverId: await seedServer(seed, { incarnation: null }) })
      expect(await sessionLeases.assignments(serverId, 'run-1')).toEqual([expect.objectContaining({ fence })])
    })

    it('show what nobody owns or wants only until its state says that it is stopped', async () => {
      const { seed, sessionLeases } = world()
      const { serverId, instanceId } = await seedOwnedInstance(seed, { desired: 'stopped' })
      await seed.update('instanceLeases', { instanceId }, { ownerIncarnation: 'run-0' })
      const found = await sessionLeases.assignments(serverId, 'run-1')
      expect(found).toEqual([expect.objectContaining({ instanceId, desired: 'stopped', fence: undefined })])
      await sessionLeases.settleStopped(serverId, instanceId)
      expect(await sessionLeases.assignments(serverId, 'run-1')).toEqual([])
    })
  })

  describe('acquiring', () => {
    it('raises the epoch and makes this run the owner, also of what a former run of this server owned', async () => {
      const { seed, sessionLeases } = world()
      const { customerId, serverId } = await seedOwnedInstance(seed)
      const free = await seedInstance(seed, { customerId, serverId }, {}, unowned)
      const stale = await seedInstance(seed, { customerId, serverId }, {}, { epoch: 7, ownerIncarnation: 'run-0' })
      const fences = await sessionLeases.acquire(serverId, 'run-1', [free, stale])
      expect(fences.toSorted((a, b) => a.epoch - b.epoch)).toEqual([
        { instanceId: free, epoch: 4, incarnation: 'run-1' },
        { instanceId: stale, epoch: 8, incarnation: 'run-1' },
      ])
      const [lease] = await seed.rows('instanceLeases', { instanceId: stale })
      expect(lease).toEqual({ instanceId: stale, serverId, epoch: 8, ownerIncarnation: 'run-1' })
    })

    it('takes nothing without a live lease of the server', async () => {
      const { seed, sessionLeases } = world()
      const { customerId, serverId } = await seedOwnedInstance(seed)
      const free = await seedInstance(seed, { customerId, serverId }, {}, unowned)
      expect(await sessionLeases.acquire(serverId, 'run-2', [free])).toEqual([])
      await seed.update('servers', { id: serverId }, { leaseExpiresAt: fromNow(-1) })
      expect(await sessionLeases.acquire(serverId, 'run-1', [free])).toEqual([])
    })

    it('takes neither what this run owns, nor what is unwanted, placed elsewhere or unknown', async () => {
      const { seed, sessionLeases } = world()
      const { customerId, serverId, instanceId } = await seedOwnedInstance(seed)
      const elsewhere = await seedServer(seed, { incarnation: 'run-9' })
      const suspended = await seedCustomer(seed, { status: 'suspended' })
      const asked = [
        instanceId,
        await seedInstance(seed, { customerId, serverId }, { desired: 'stopped' }, unowned),
        await seedInstance(seed, { customerId, serverId }, { deletedAt: fromNow(-1) }, unowned),
        await seedInstance(seed, { customerId: suspended, serverId }, {}, unowned),
        await seedInstance(seed, { customerId, serverId: elsewhere }, {}, unowned),
        newId('instance'),
      ]
      expect(await sessionLeases.acquire(serverId, 'run-1', asked)).toEqual([])
      expect(await sessionLeases.acquire(serverId, 'run-1', [])).toEqual([])
    })

    it('leaves an instance that was placed here to its former server while that one lives', async () => {
      const { seed, sessionLeases } = world()
      const { customerId, serverId } = await seedOwnedInstance(seed)
      const former = await seedServer(seed, { incarnation: 'run-9' })
      const moved = await seedInstance(seed, { customerId, serverId }, {}, { ownerIncarnation: 'run-9' })
      expect(await sessionLeases.acquire(serverId, 'run-1', [moved])).toEqual([])
      await seed.update('servers', { id: former }, { leaseExpiresAt: fromNow(-1) })
      expect(await sessionLeases.acquire(serverId, 'run-1', [moved])).toHaveLength(1)
    })

    it('gives a released instance out again under the next epoch', async () => {
      const { seed, sessionLeases } = world()
      const { serverId, instanceId, fence } = await seedOwnedInstance(seed)
      await sessionLeases.release({ ...fence, epoch: 0 })
      expect(await sessionLeases.acquire(serverId, 'run-1', [instanceId])).toEqual([])
      await sessionLeases.release(fence)
      expect(await sessionLeases.acquire(serverId, 'run-1', [instanceId])).toEqual([{ ...fence, epoch: 2 }])
    })
  })

  describe('reporting a state', () => {
    it('writes it and tells it, once', async () => {
      const { seed, sessionLeases } = world()
      const { instanceId, fence } = await seedOwnedInstance(seed, { state: 'connecting', phoneNumber: null })
      const report = { state: 'connected', reason: null, phoneNumber: '+5511999990001', lid: '1@lid' } as const
      await sessionLeases.reportState(fence, report)
      const [written] = await seed.rows('instances', { id: instanceId })
      expect(written).toMatchObject(report)
      await sessionLeases.reportState(fence, report)
      const [again] = await seed.rows('instances', { id: instanceId })
      expect(again?.stateChangedAt).toEqual(written?.stateChangedAt)

      const events = await eventsOf(seed, instanceId)
      expect(events.map(({ type }) => type)).toEqual(['instance.state_changed'])
      const data = eventDataSchemas['instance.state_changed'].parse(events[0]?.data)
      expect(data).toEqual(presentStateChange({ id: instanceId, ...report }))
    })

    it('tells a new reason of the same state', async () => {
      const { seed, sessionLeases } = world()
      const { instanceId, fence } = await seedOwnedInstance(seed)
      await sessionLeases.reportState(fence, { state: 'disconnected', reason: 'wa-connection-lost' })
      await sessionLeases.reportState(fence, { state: 'disconnected', reason: 'wa-unavailable' })
      await sessionLeases.reportState(fence, { state: 'disconnected', reason: 'wa-unavailable' })
      const events = await eventsOf(seed, instanceId)
      expect(events.map(({ data }) => data.reason)).toEqual(['wa-connection-lost', 'wa-unavailable'])
      expect(events[0]?.data.phone_number).toBe('+5511999990001')
    })

    it('keeps number and LID that are not told, and learns a number without an event', async () => {
      const { seed, sessionLeases } = world()
      const { instanceId, fence } = await seedOwnedInstance(seed, { lid: '1@lid' })
      const [before] = await seed.rows('instances', { id: instanceId })
      await sessionLeases.reportState(fence, { state: 'connected', reason: null, phoneNumber: '+5511999990009' })
      const [after] = await seed.rows('instances', { id: instanceId })
      expect(after).toEqual({ ...before, phoneNumber: '+5511999990009' })
      expect(await eventsOf(seed, instanceId)).toEqual([])
    })

    it('addresses the event to endpoints of that customer that listen, and to no others', async () => {
      const { seed, sessionLeases } = world()
      const { customerId, serverId, instanceId, fence } = await seedOwnedInstance(seed)
      const otherInstance = await seedInstance(seed, { customerId, serverId })
      const listening = [
        await seedEndpoint(world(), customerId),
        await seedEndpoint(world(), customerId, { events: ['message.sent', 'instance.state_changed'] }),
        await seedEndpoint(world(), customerId, { instanceId }),
      ]
      await seedEndpoint(world(), customerId, { events: ['message.sent'] })
      await seedEndpoint(world(), customerId, { instanceId: otherInstance })
      await seedEndpoint(world(), customerId, { status: 'disabled' })
      await seedEndpoint(world(), customerId, { deletedAt: fromNow(-1) })
      await seedEndpoint(world(), await seedCustomer(seed))
      await sessionLeases.reportState(fence, { state: 'disconnected', reason: 'wa-connection-lost' })
      const deliveries = await seed.rows('deliveries')
      expect(deliveries.map(({ endpointId }) => endpointId).toSorted()).toEqual(listening.toSorted())
      expect(deliveries[0]).toMatchObject({ customerId, status: 'pending', attempts: 0, lane: instanceId })
    })

    it.each([
      ['an older epoch', { epoch: 0 }],
      ['another run', { incarnation: 'run-2' }],
    ])('is refused to %s, and nothing is written', async (_, change) => {
      const { seed, sessionLeases } = world()
      const { instanceId, fence } = await seedOwnedInstance(seed)
      const report = sessionLeases.reportState({ ...fence, ...change }, { state: 'failed', reason: 'internal-error' })
      await expect(report).rejects.toThrow(FencedOut)
      expect((await seed.rows('instances', { id: instanceId }))[0]?.state).toBe('connected')
      expect(await eventsOf(seed, instanceId)).toEqual([])
    })
  })

  describe('reporting a QR code', () => {
    const shown = { qr: '2@qr-text', expiresAt: new Date('2026-03-01T12:00:20.000Z') }

    it('tells each to the endpoints that listen, in the lane of the states', async () => {
      const { seed, sessionLeases } = world()
      const { customerId, instanceId, fence } = await seedOwnedInstance(seed, { state: 'starting' })
      const listening = await seedEndpoint(world(), customerId, { events: ['instance.qr'] })
      await seedEndpoint(world(), customerId, { events: ['instance.state_changed'] })
      await sessionLeases.reportQr(fence, shown)
      await sessionLeases.reportQr(fence, { ...shown, qr: '2@next' })

      const events = await eventsOf(seed, instanceId)
      expect(events.map(({ type, sequence }) => [type, sequence])).toEqual([
        ['instance.qr', 1],
        ['instance.qr', 2],
      ])
      expect(eventDataSchemas['instance.qr'].parse(events[0]?.data)).toEqual({
        instance_id: instanceId,
        qr: '2@qr-text',
        expires_at: '2026-03-01T12:00:20.000Z',
      })
      const deliveries = await seed.rows('deliveries')
      expect(deliveries).toMatchObject([
        { endpointId: listening, lane: instanceId },
        { endpointId: listening, lane: instanceId },
      ])
      expect((await seed.rows('instances', { id: instanceId }))[0]?.state).toBe('starting')
    })

    it.each([
      ['an older epoch', { epoch: 0 }],
      ['another run', { incarnation: 'run-2' }],
    ])('is refused to %s, and nothing is written', async (_, change) => {
      const { seed, sessionLeases } = world()
      const { instanceId, fence } = await seedOwnedInstance(seed)
      await expect(sessionLeases.reportQr({ ...fence, ...change }, shown)).rejects.toThrow(FencedOut)
      expect(await eventsOf(seed, instanceId)).toEqual([])
    })
  })

  describe('settling what is stopped', () => {
    it('tells that it is stopped, once, and fences out a run that lost its server', async () => {
      const { seed, sessionLeases } = world()
      const { serverId, instanceId } = await seedOwnedInstance(seed, { desired: 'stopped' })
      const lost = { instanceId, epoch: 1, incarnation: 'run-0' }
      await seed.update('instanceLeases', { instanceId }, { ownerIncarnation: lost.incarnation })
      await sessionLeases.settleStopped(serverId, instanceId)
      await sessionLeases.settleStopped(serverId, instanceId)
      const [instance] = await seed.rows('instances', { id: instanceId })
      expect(instance).toMatchObject({ state: 'stopped', reason: 'stopped-by-customer' })
      const events = await eventsOf(seed, instanceId)
      expect(events.map(({ data }) => data.state)).toEqual(['stopped'])
      const report = sessionLeases.reportState(lost, { state: 'connected', reason: null })
      await expect(report).rejects.toThrow(FencedOut)
    })

    it('leaves alone what a live run owns, what is wanted, what is deleted and what is placed elsewhere', async () => {
      const { seed, sessionLeases } = world()
      const { customerId, serverId, instanceId } = await seedOwnedInstance(seed, { desired: 'stopped' })
      const elsewhere = await seedServer(seed, { incarnation: 'run-9' })
      const stopped = { desired: 'stopped' as const }
      const others = [
        instanceId,
        await seedInstance(seed, { customerId, serverId }, {}, unowned),
        await seedInstance(seed, { customerId, serverId }, { ...stopped, deletedAt: fromNow(-1) }, unowned),
        await seedInstance(seed, { customerId, serverId: elsewhere }, stopped, unowned),
      ]
      for (const id of others) await sessionLeases.settleStopped(serverId, id)
      expect((await seed.rows('instances')).map(({ state }) => state)).toEqual(others.map(() => 'connected'))
      expect(await seed.rows('events')).toEqual([])
    })

    it.each(['stopped', 'logged_out', 'banned', 'failed'] as const)(
      'keeps the state %s and its reason',
      async (state) => {
        const { seed, sessionLeases } = world()
        const values = { state, reason: 'wa-logged-out', desired: 'stopped' } as const
        const { serverId, instanceId } = await seedOwnedInstance(seed, values)
        await seed.update('instanceLeases', { instanceId }, { ownerIncarnation: null })
        await sessionLeases.settleStopped(serverId, instanceId)
        expect((await seed.rows('instances', { id: instanceId }))[0]).toMatchObject(values)
      },
    )
  })
}
