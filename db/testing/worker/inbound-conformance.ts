import { describe, expect, it } from 'vitest'
import { eventDataSchemas } from '#contracts/events.ts'
import type { InstanceId } from '#contracts/ids.ts'
import type { ProjectedMessage } from '#core/ports/inbound.ts'
import { presentMessage } from '#core/rules/present-message.ts'
import { eventsOf, fromNow, seedEndpoint, seedMessage, seedOwnedInstance } from './worker-seeds.ts'
import type { WorkerWorld } from './worker-world.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const text = (body: string) => ({ type: 'text', text: { body } }) as const
const ownNumber = '+5511999990001'
const phone = '+5511999990002'
const hello: ProjectedMessage = { waMessageId: 'WA1', chat: phone, sender: phone, content: text('Hello') }

export function inboundConformance(world: () => WorkerWorld): void {
  const journal = (instanceId: InstanceId, hash: string, receivedAt = fromNow(0)) =>
    world().seed.insert('inboundJournal', {
      instanceId,
      ciphertextHash: bytes(hash),
      waMessageId: hash,
      stanza: { from: '1@s.whatsapp.net' },
      plaintext: bytes(`plain ${hash}`),
      epoch: 1,
      receivedAt,
    })
  const projectedAt = async (instanceId: InstanceId, seq: number) =>
    (await world().seed.rows('inboundJournal', { instanceId, seq }))[0]?.projectedAt

  describe('journal rows that wait', () => {
    it('come oldest first, of the instances that are asked for', async () => {
      const { seed, inbound } = world()
      const one = (await seedOwnedInstance(seed)).instanceId
      const two = (await seedOwnedInstance(seed)).instanceId
      const first = await journal(one, 'a')
      const second = await journal(two, 'a')
      const third = await journal(one, 'b')
      await journal((await seedOwnedInstance(seed)).instanceId, 'a')
      const rows = await inbound.unprojected([one, two], 10)
      expect(rows.map(({ instanceId, seq }) => [instanceId, seq])).toEqual([
        [one, first.seq],
        [two, second.seq],
        [one, third.seq],
      ])
      expect(rows[0]).toEqual({
        instanceId: one,
        seq: first.seq,
        waMessageId: 'a',
        stanza: { from: '1@s.whatsapp.net' },
        plaintext: bytes('plain a'),
        receivedAt: first.receivedAt,
      })
      expect(await inbound.unprojected([one, two], 2)).toEqual(rows.slice(0, 2))
      expect(await inbound.unprojected([], 10)).toEqual([])
    })
  })

  describe('projecting', () => {
    it('makes the message, its event and its deliveries, and the row waits no more', async () => {
      const { seed, inbound } = world()
      const { customerId, instanceId } = await seedOwnedInstance(seed)
      const endpointId = await seedEndpoint(world(), customerId)
      const row = await journal(instanceId, 'a', fromNow(-60_000))
      expect(await inbound.project(row, hello)).toBe(true)
      const [message, ...others] = await seed.rows('messages', { instanceId })
      expect(others).toEqual([])
      expect(message).toMatchObject({
        ...hello,
        customerId,
        direction: 'inbound',
        type: 'text',
        status: 'received',
        createdAt: row.receivedAt,
        sentAt: null,
      })
      const [event] = await eventsOf(seed, instanceId)
      expect(event?.type).toBe('message.received')
      const data = eventDataSchemas['message.received'].parse(event?.data)
      expect(data).toEqual(message && presentMessage(message, ownNumber))
      expect(data).toMatchObject({ from: phone, to: ownNumber })
      expect(await seed.rows('deliveries')).toEqual([
        expect.objectContaining({ endpointId, eventId: event?.id, lane: `${instanceId}/${phone}` }),
      ])
      expect(await inbound.unprojected([instanceId], 10)).toEqual([])
    })

    it('shows what another device of the own account wrote as sent', async () => {
      const { seed, inbound } = world()
      const { instanceId } = await seedOwnedInstance(seed)
      const row = await journal(instanceId, 'a')
      expect(await inbound.project(row, { ...hello, sender: 'self' })).toBe(true)
      const [message] = await seed.rows('messages', { instanceId })
      expect(message).toMatchObject({ direction: 'outbound', status: 'sent', sender: 'self', sentAt: row.receivedAt })
      const [event] = await eventsOf(seed, instanceId)
      expect(event?.type).toBe('message.sent')
      expect(event?.data).toMatchObject({ from: ownNumber, to: phone, direction: 'outbound' })
    })

    it('makes one message of what arrives again, however it was encrypted', async () => {
      const { seed, inbound } = world()
      const { instanceId } = await seedOwnedInstance(seed)
      const first = await journal(instanceId, 'a')
      const again = await journal(instanceId, 'b')
      expect(await inbound.project(first, hello)).toBe(true)
      expect(await inbound.project(again, hello)).toBe(false)
      expect(await seed.rows('messages', { instanceId })).toHaveLength(1)
      expect(await eventsOf(seed, instanceId)).toHaveLength(1)
      expect(await inbound.unprojected([instanceId], 10)).toEqual([])
    })

    it('does nothing for a row that was projected before', async () => {
      const { seed, inbound } = world()
      const { instanceId } = await seedOwnedInstance(seed)
      const row = await journal(instanceId, 'a')
      await inbound.project(row, hello)
      const before = await projectedAt(instanceId, row.seq)
      expect(await inbound.project(row, { ...hello, waMessageId: 'WA2' })).toBe(false)
      expect(await projectedAt(instanceId, row.seq)).toEqual(before)
      expect(await seed.rows('messages', { instanceId })).toHaveLength(1)
    })

    it('knows the copy of a message that the instance sent itself', async () => {
      const { seed, inbound } = world()
      const owned = await seedOwnedInstance(seed)
      const { chat, waMessageId } = await seedMessage(seed, owned, { status: 'sent' })
      const row = await journal(owned.instanceId, 'a')
      expect(await inbound.project(row, { ...hello, sender: 'self', chat, waMessageId })).toBe(false)
    })

    it('keeps messages apart that share an id of WhatsApp in another chat, of another sender or instance', async () => {
      const { seed, inbound } = world()
      const { instanceId } = await seedOwnedInstance(seed)
      const other = (await seedOwnedInstance(seed)).instanceId
      const group = '1203630000@g.us'
      expect(await inbound.project(await journal(instanceId, 'a'), hello)).toBe(true)
      expect(await inbound.project(await journal(instanceId, 'b'), { ...hello, chat: group })).toBe(true)
      const otherSender = { ...hello, chat: group, sender: '+5511999990003' }
      expect(await inbound.project(await journal(instanceId, 'c'), otherSender)).toBe(true)
      expect(await inbound.project(await journal(other, 'a'), hello)).toBe(true)
    })

    it('only marks a row that holds nothing to show', async () => {
      const { seed, inbound } = world()
      const { instanceId } = await seedOwnedInstance(seed)
      const row = await journal(instanceId, 'a')
      expect(await inbound.project(row, undefined)).toBe(false)
      expect(await projectedAt(instanceId, row.seq)).toBeInstanceOf(Date)
      expect(await seed.rows('messages', { instanceId })).toEqual([])
      expect(await eventsOf(seed, instanceId)).toEqual([])
    })

    it('keeps what it cannot name', async () => {
      const { seed, inbound } = world()
      const { instanceId } = await seedOwnedInstance(seed)
      const content = { type: 'unsupported', unsupported: { kind: 'poll' } } as const
      expect(await inbound.project(await journal(instanceId, 'a'), { ...hello, content })).toBe(true)
      const [event] = await eventsOf(seed, instanceId)
      expect(eventDataSchemas['message.received'].parse(event?.data)).toMatchObject(content)
    })
  })
}
