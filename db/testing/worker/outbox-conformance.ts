import { describe, expect, it } from 'vitest'
import { newId, type InstanceId } from '#contracts/ids.ts'
import type { Outbox, OutboxLook } from '#core/ports/outbox.ts'
import { messageOf } from '#core/rules/message-of.ts'
import { seedInstance } from '#core/testing/seed.ts'
import { eventsOf, fromNow, seedMessage, seedOwnedInstance } from './worker-seeds.ts'
import type { WorkerWorld } from './worker-world.ts'

export function outboxConformance(world: () => WorkerWorld): void {
  const first = '+5511999990002'
  const second = '+5511999990003'
  const lookAt = (...instanceIds: InstanceId[]) => instanceIds.map((instanceId) => ({ instanceId, after: '' }))

  type Options = Parameters<Outbox['heads']>[1]
  async function idsOf(looks: OutboxLook[], options: Options = { chats: 10 }) {
    const { entries } = await world().outbox.heads(looks, options)
    return entries.map(({ message }) => message.id)
  }

  describe('heads of the outbox', () => {
    it('are the oldest unfinished message of each chat and instance, oldest first', async () => {
      const { seed, outbox } = world()
      const owned = await seedOwnedInstance(seed)
      const other = { ...owned, instanceId: await seedInstance(seed, owned) }
      const foreign = { ...owned, instanceId: await seedInstance(seed, owned) }
      await seedMessage(seed, owned, { chat: first, status: 'sent' })
      const sending = await seedMessage(seed, owned, { chat: first, status: 'sending', attempts: 2 })
      const ofOther = await seedMessage(seed, other, { chat: first })
      await seedMessage(seed, owned, { chat: first })
      await seedMessage(seed, foreign, { chat: first })
      const toSecond = await seedMessage(seed, owned, { chat: second })
      await seedMessage(seed, owned, { chat: second })

      const { entries, next } = await outbox.heads(lookAt(owned.instanceId, other.instanceId), { chats: 10 })
      const pace = { newChatsPerMinute: null, slowed: false }
      expect(entries).toEqual([
        { message: messageOf(sending), attempts: 2, quoted: undefined, newChat: false, pace },
        { message: messageOf(ofOther), attempts: 0, quoted: undefined, newChat: true, pace },
        { message: messageOf(toSecond), attempts: 0, quoted: undefined, newChat: true, pace },
      ])
      expect(next.size).toBe(0)
      expect(await outbox.heads([], { chats: 10 })).toEqual({ entries: [], next: new Map() })
    })

    it.each([
      ['waits for its time', { notBefore: fromNow(3_600_000) }],
      ['is past its end', { expiresAt: fromNow(-1_000) }],
    ])('leave out a chat whose oldest message %s: no later one overtakes it', async (_, values) => {
      const { seed } = world()
      const owned = await seedOwnedInstance(seed)
      await seedMessage(seed, owned, { chat: first, ...values })
      await seedMessage(seed, owned, { chat: first })
      const free = await seedMessage(seed, owned, { chat: second, notBefore: fromNow(-1_000), expiresAt: null })
      expect(await idsOf([{ instanceId: owned.instanceId, after: '' }])).toEqual([free.id])
    })

    it('come page by page: so many chats of each instance, however long their queues are', async () => {
      const { seed, outbox } = world()
      const flooded = await seedOwnedInstance(seed)
      const quiet = await seedOwnedInstance(seed)
      const queued = []
      for (const chat of ['+3', '+1', '+2', '+1', '+1']) queued.push(await seedMessage(seed, flooded, { chat }))
      const [third, one, two] = queued
      const { id } = await seedMessage(seed, quiet, { chat: '+9' })
      const looks = lookAt(flooded.instanceId, quiet.instanceId)
      const page = await outbox.heads(looks, { chats: 2 })
      expect(page.entries.map(({ message }) => message.id)).toEqual([one?.id, two?.id, id])
      expect(page.next).toEqual(new Map([[flooded.instanceId, '+2']]))
      const rest = await outbox.heads([{ instanceId: flooded.instanceId, after: '+2' }], { chats: 2 })
      expect(rest.entries.map(({ message }) => message.id)).toEqual([third?.id])
      expect(rest.next).toEqual(new Map())
    })

    it('tell where a page ended also when nothing of it can leave', async () => {
      const { seed, outbox } = world()
      const { instanceId, ...owned } = await seedOwnedInstance(seed)
      for (const chat of ['+1', '+2'])
        await seedMessage(seed, { ...owned, instanceId }, { chat, notBefore: fromNow(60_000) })
      expect(await outbox.heads(lookAt(instanceId), { chats: 1 })).toEqual({
        entries: [],
        next: new Map([[instanceId, '+1']]),
      })
    })

    it('come from the chats of hinted messages beside the page, in the order of the chat', async () => {
      const { seed } = world()
      const owned = await seedOwnedInstance(seed)
      const foreign = await seedMessage(seed, await seedOwnedInstance(seed), { chat: '+8' })
      const page = await seedMessage(seed, owned, { chat: '+1' })
      const head = await seedMessage(seed, owned, { chat: '+7' })
      const hinted = await seedMessage(seed, owned, { chat: '+7' })
      const looks = [{ instanceId: owned.instanceId, after: '' }]
      const ids = [hinted.id, head.id, foreign.id, page.id, newId('message')]
      expect(await idsOf(looks, { chats: 1, hinted: ids })).toEqual([page.id, head.id])
    })

    it('leave out those that are busy, and keep their chats back', async () => {
      const { seed } = world()
      const owned = await seedOwnedInstance(seed)
      const busy = await seedMessage(seed, owned, { chat: '+1', status: 'sending' })
      const behind = await seedMessage(seed, owned, { chat: '+1' })
      const free = await seedMessage(seed, owned, { chat: '+2' })
      const looks = lookAt(owned.instanceId)
      expect(await idsOf(looks, { chats: 10, busy: [busy.id], hinted: [busy.id, behind.id] })).toEqual([free.id])
      expect(await idsOf(looks, { chats: 10, busy: [busy.id, free.id, newId('message')] })).toEqual([])
    })

    it('come with what they quote', async () => {
      const { seed, outbox } = world()
      const owned = await seedOwnedInstance(seed)
      const quoted = await seedMessage(seed, owned, {
        direction: 'inbound',
        sender: first,
        status: 'received',
        content: { type: 'text', text: { body: 'What?' } },
      })
      const unsupported = await seedMessage(seed, owned, {
        status: 'received',
        content: { type: 'unsupported', unsupported: { kind: 'poll' } },
      })
      await seedMessage(seed, owned, { chat: first, contextMessageId: quoted.id })
      await seedMessage(seed, owned, { chat: second, contextMessageId: unsupported.id })
      const { entries } = await outbox.heads(lookAt(owned.instanceId), { chats: 10 })
      expect(entries.map((head) => head.quoted)).toEqual([
        { waMessageId: quoted.waMessageId, sender: first, body: 'What?' },
        { waMessageId: unsupported.waMessageId, sender: 'self', body: '' },
      ])
    })
  })

  describe('looking up outbound messages', () => {
    it('finds by id and by what was sent under an id of WhatsApp, within the instance', async () => {
      const { seed, outbox } = world()
      const owned = await seedOwnedInstance(seed)
      const other = await seedOwnedInstance(seed)
      const message = await seedMessage(seed, owned)
      const received = await seedMessage(seed, owned, { sender: first, direction: 'inbound', status: 'received' })
      expect(await outbox.get(owned.instanceId, message.id)).toEqual(messageOf(message))
      expect(await outbox.get(other.instanceId, message.id)).toBeUndefined()
      expect(await outbox.get(owned.instanceId, newId('message'))).toBeUndefined()
      expect(await outbox.findByWaMessageId(owned.instanceId, message.waMessageId)).toEqual(messageOf(message))
      expect(await outbox.findByWaMessageId(other.instanceId, message.waMessageId)).toBeUndefined()
      expect(await outbox.findByWaMessageId(owned.instanceId, received.waMessageId)).toBeUndefined()
    })
  })

  describe('expiry of outbound messages', () => {
    it('ends what is past its end: expired when never attempted, else failed with delivery unknown', async () => {
      const { seed, outbox } = world()
      const owned = await seedOwnedInstance(seed)
      const expiresAt = fromNow(-1_000)
      const never = await seedMessage(seed, owned, { expiresAt })
      const attempted = await seedMessage(seed, owned, { expiresAt, status: 'sending', attempts: 1 })
      await seedMessage(seed, owned, { expiresAt, status: 'sent' })
      await seedMessage(seed, owned, { expiresAt: null })
      await seedMessage(seed, owned)
      expect(await outbox.expireDueAcrossCustomers(10)).toBe(2)
      expect((await seed.rows('messages', { id: never.id }))[0]).toMatchObject({ status: 'expired', failure: null })
      expect((await seed.rows('messages', { id: attempted.id }))[0]).toMatchObject({
        status: 'failed',
        failure: 'DELIVERY_UNKNOWN',
      })
      const told = (await seed.rows('events')).map(
        ({ type, data }) => `${type} ${String(data.id)} ${String(data.status)}`,
      )
      const expected = [`message.failed ${never.id} expired`, `message.failed ${attempted.id} failed`]
      expect(told.toSorted()).toEqual(expected.toSorted())
      expect(await outbox.expireDueAcrossCustomers(10)).toBe(0)
    })

    it('numbers the events of each instance apart and without gaps, and ends no more than asked', async () => {
      const { seed, outbox } = world()
      const one = await seedOwnedInstance(seed)
      const two = await seedOwnedInstance(seed)
      for (const owned of [one, two, one, two, one]) await seedMessage(seed, owned, { expiresAt: fromNow(-1_000) })
      expect(await outbox.expireDueAcrossCustomers(4)).toBe(4)
      expect(await outbox.expireDueAcrossCustomers(4)).toBe(1)
      expect(await eventsOf(seed, one.instanceId)).toHaveLength(3)
      expect(await eventsOf(seed, two.instanceId)).toHaveLength(2)
    })
  })
}
