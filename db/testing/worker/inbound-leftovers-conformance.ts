import { describe, expect, it } from 'vitest'
import { eventDataSchemas } from '#contracts/events.ts'
import { orphanedAfterMs } from '#core/ports/inbound.ts'
import { contactLid, contactNumber, received, seedJournal } from './inbound-seeds.ts'
import { eventsOf, fromNow, seedEndpoint, seedOwnedInstance } from './worker-seeds.ts'
import type { WorkerWorld } from './worker-world.ts'

const unreadable = received({ content: null })

/** What does not go the straight way: it cannot be decrypted, cannot be decoded, or has lost its owner. */
export function inboundLeftoversConformance(world: () => WorkerWorld): void {
  describe('a message that could not be decrypted', () => {
    it('is told, resolved and shown among many at once, where each finds what those before it told', async () => {
      const { seed, inbound } = world()
      const { instanceId } = await seedOwnedInstance(seed)
      const rows = []
      for (let n = 0; n < 5; n++) rows.push(await seedJournal(seed, instanceId))
      const teaching = received({ waMessageId: 'WA2', numbers: new Map([[contactLid, contactNumber]]) })
      const messages = [
        received({ waMessageId: 'WA0' }),
        unreadable,
        teaching,
        received({ waMessageId: 'WA3', chat: contactLid, sender: contactLid }),
        received(),
      ]
      const projections = rows.map((row, index) => ({ row, message: messages[index] }))
      expect(await inbound.projectAll(projections)).toEqual([true, true, true, true, true])
      expect(await inbound.projectAll(projections)).toEqual([false, false, false, false, false])
      const shown = (await seed.rows('messages', { instanceId })).toSorted((a, b) => a.seq - b.seq)
      expect(shown.map(({ waMessageId, chat }) => [waMessageId, chat])).toEqual(
        ['WA0', 'WA2', 'WA3', 'WA1'].map((id) => [id, contactNumber]),
      )
      const events = await eventsOf(seed, instanceId)
      expect(events.map(({ type }) => type)).toEqual([
        'message.received',
        'message.undecryptable',
        ...Array.from({ length: 3 }, () => 'message.received'),
        'message.undecryptable',
      ])
      expect(events.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6])
      const [told] = await seed.rows('undecryptableMessages', { instanceId })
      expect(shown.at(-1)?.id).toBe(told?.messageId)
    })

    it('is told once, and is no message', async () => {
      const { seed, inbound } = world()
      const { customerId, instanceId } = await seedOwnedInstance(seed)
      await seedEndpoint(world(), customerId)
      const row = await seedJournal(seed, instanceId, { receivedAt: fromNow(-1_000) })
      expect(await inbound.project(row, unreadable)).toBe(true)
      expect(await inbound.project(row, unreadable)).toBe(false)
      expect(await inbound.project(await seedJournal(seed, instanceId), unreadable)).toBe(false)
      const [event, ...others] = await eventsOf(seed, instanceId)
      expect(others).toEqual([])
      expect(event?.type).toBe('message.undecryptable')
      const [kept] = await seed.rows('undecryptableMessages', { instanceId })
      expect(eventDataSchemas['message.undecryptable'].parse(event?.data)).toEqual({
        instance_id: instanceId,
        message_id: kept?.messageId,
        from: contactNumber,
        chat: contactNumber,
        wa_message_id: 'WA1',
        resolved: false,
      })
      expect(kept).toMatchObject({ failedAt: row.receivedAt, resolvedAt: null })
      expect(await seed.rows('messages', { instanceId })).toEqual([])
      expect(await seed.rows('deliveries', { lane: `${instanceId}/${contactNumber}` })).toHaveLength(1)
      expect(await inbound.unprojected([instanceId], 10)).toEqual([])
    })

    it('is the message that its sender sends again: received under the id that was told, then told as resolved', async () => {
      const { seed, inbound } = world()
      const { customerId, instanceId } = await seedOwnedInstance(seed)
      await seedEndpoint(world(), customerId)
      await inbound.project(await seedJournal(seed, instanceId), unreadable)
      const [told] = await seed.rows('undecryptableMessages', { instanceId })
      expect(await inbound.project(await seedJournal(seed, instanceId), received())).toBe(true)
      expect(await seed.rows('messages', { instanceId })).toMatchObject([{ id: told?.messageId }])
      expect(await eventsOf(seed, instanceId)).toMatchObject([
        { type: 'message.undecryptable', data: { message_id: told?.messageId, resolved: false } },
        { type: 'message.received', data: { id: told?.messageId } },
        { type: 'message.undecryptable', data: { message_id: told?.messageId, resolved: true } },
      ])
      const deliveries = await seed.rows('deliveries', { lane: `${instanceId}/${contactNumber}` })
      const inOrder = (await eventsOf(seed, instanceId)).map(({ id }) => id)
      expect(deliveries.toSorted((a, b) => a.seq - b.seq).map(({ eventId }) => eventId)).toEqual(inOrder)
      expect(inOrder.toSorted()).toEqual(inOrder)
      // Another copy of it, readable or not, is nothing new.
      expect(await inbound.project(await seedJournal(seed, instanceId), received())).toBe(false)
      expect(await inbound.project(await seedJournal(seed, instanceId), unreadable)).toBe(false)
      expect(await eventsOf(seed, instanceId)).toHaveLength(3)
    })

    it('is the same message under the contact’s other address', async () => {
      const { seed, inbound } = world()
      const { instanceId } = await seedOwnedInstance(seed)
      const anonymous = received({ content: null, chat: contactLid, sender: contactLid })
      await inbound.project(await seedJournal(seed, instanceId), anonymous)
      const numbers = new Map([[contactLid, contactNumber]])
      await inbound.project(await seedJournal(seed, instanceId), received({ content: null, numbers }))
      expect(await eventsOf(seed, instanceId)).toHaveLength(1)
      expect(await inbound.project(await seedJournal(seed, instanceId), received({ numbers }))).toBe(true)
      expect(await eventsOf(seed, instanceId)).toMatchObject([
        { data: { chat: contactLid, resolved: false } },
        { type: 'message.received', data: { chat: contactNumber } },
        { type: 'message.undecryptable', data: { chat: contactNumber, resolved: true } },
      ])
    })

    it('is not told when the message is known, and tells of the own account by its number', async () => {
      const { seed, inbound } = world()
      const { instanceId } = await seedOwnedInstance(seed)
      await inbound.project(await seedJournal(seed, instanceId), received())
      expect(await inbound.project(await seedJournal(seed, instanceId), unreadable)).toBe(false)
      const own = received({ content: null, waMessageId: 'OWN', sender: 'self' })
      await inbound.project(await seedJournal(seed, instanceId), own)
      const events = await eventsOf(seed, instanceId)
      expect(events.map(({ type }) => type)).toEqual(['message.received', 'message.undecryptable'])
      expect(events[1]?.data).toMatchObject({ from: '+5511999990001', chat: contactNumber })
    })
  })

  describe('a row that a version cannot decode', () => {
    it('waits no more, keeps its bytes, and is projected by another version', async () => {
      const { seed, inbound } = world()
      const { instanceId } = await seedOwnedInstance(seed)
      const row = await seedJournal(seed, instanceId)
      await inbound.setAside(row, '1.0.0')
      expect(await inbound.unprojected([instanceId], 10)).toEqual([])
      expect(await seed.rows('inboundJournal', { instanceId })).toMatchObject([
        { undecodableBy: '1.0.0', plaintext: row.plaintext, stanza: row.stanza, projectedAt: expect.any(Date) },
      ])
      expect(await inbound.retrySetAsideAcrossCustomers('1.0.0', 10)).toBe(0)
      expect(await inbound.retrySetAsideAcrossCustomers('1.0.1', 10)).toBe(1)
      expect(await inbound.retrySetAsideAcrossCustomers('1.0.1', 10)).toBe(0)
      expect(await inbound.unprojected([instanceId], 10)).toMatchObject([{ seq: row.seq, plaintext: row.plaintext }])
      expect(await inbound.project(row, received())).toBe(true)
    })

    it('is taken up again with so many others at a time, oldest first; what was projected stays so', async () => {
      const { seed, inbound } = world()
      const { instanceId } = await seedOwnedInstance(seed)
      const [first, second, shown] = [
        await seedJournal(seed, instanceId),
        await seedJournal(seed, instanceId),
        await seedJournal(seed, instanceId),
      ]
      await inbound.project(shown, received())
      await inbound.setAside(shown, '1.0.0')
      for (const row of [second, first]) await inbound.setAside(row, '1.0.0')
      expect(await inbound.retrySetAsideAcrossCustomers('2.0.0', 1)).toBe(1)
      expect(await inbound.unprojected([instanceId], 10)).toMatchObject([{ seq: first.seq }])
      expect(await inbound.retrySetAsideAcrossCustomers('2.0.0', 10)).toBe(1)
    })
  })

  describe('rows that nobody owns', () => {
    it('are those that are old enough, of instances without a live owner, oldest first', async () => {
      const { seed, inbound } = world()
      const old = { receivedAt: fromNow(-orphanedAfterMs - 1_000) }
      const owned = await seedOwnedInstance(seed)
      await seedJournal(seed, owned.instanceId, old)
      const died = await seedOwnedInstance(seed)
      await seed.update('servers', { id: died.serverId }, { leaseExpiresAt: fromNow(-1) })
      await seed.update('servers', { id: died.serverId }, { incarnation: 'run-of-the-dead' })
      await seed.update('instanceLeases', { instanceId: died.instanceId }, { ownerIncarnation: 'run-of-the-dead' })
      const released = await seedOwnedInstance(seed)
      await seed.update('instanceLeases', { instanceId: released.instanceId }, { ownerIncarnation: null })
      const first = await seedJournal(seed, released.instanceId, old)
      const second = await seedJournal(seed, died.instanceId, old)
      await seedJournal(seed, died.instanceId, { receivedAt: fromNow(0) })
      const done = await seedJournal(seed, died.instanceId, old)
      await inbound.project(done, undefined)
      const found = await inbound.orphansAcrossCustomers(10)
      expect(found.map(({ seq }) => seq)).toEqual([first.seq, second.seq])
      expect(found[0]).toEqual({
        instanceId: released.instanceId,
        seq: first.seq,
        waMessageId: first.waMessageId,
        stanza: first.stanza,
        plaintext: first.plaintext,
        receivedAt: first.receivedAt,
      })
      expect(await inbound.orphansAcrossCustomers(1)).toEqual(found.slice(0, 1))
    })

    it('take effect once when two workers project them at the same time', async () => {
      const { seed, inbound } = world()
      const { instanceId } = await seedOwnedInstance(seed)
      const rows = await Promise.all(Array.from({ length: 5 }, () => seedJournal(seed, instanceId)))
      const worker = async () => {
        for (const [index, row] of rows.entries()) await inbound.project(row, received({ waMessageId: `WA${index}` }))
      }
      await Promise.all([worker(), worker()])
      const messages = (await seed.rows('messages', { instanceId })).toSorted((a, b) => a.seq - b.seq)
      expect(messages.map(({ waMessageId }) => waMessageId)).toEqual(['WA0', 'WA1', 'WA2', 'WA3', 'WA4'])
      expect(await eventsOf(seed, instanceId)).toHaveLength(5)
    })
  })
}
