import { describe, expect, it } from 'vitest'
import { eventDataSchemas } from '#contracts/events.ts'
import { newId } from '#contracts/ids.ts'
import { FencedOut } from '#core/ports/session-leases.ts'
import { messageOf } from '#core/rules/message-of.ts'
import { presentMessage } from '#core/rules/present-message.ts'
import { eventsOf, seedEndpoint, seedMessage, seedOwnedInstance } from './worker-seeds.ts'
import type { WorkerWorld } from './worker-world.ts'

export function outboxOutcomesConformance(world: () => WorkerWorld): void {
  const ownNumber = '+5511999990001'
  const close = (date: Date | null | undefined) => Math.abs((date?.getTime() ?? 0) - Date.now()) < 5_000

  async function row(id: string) {
    const [message] = await world().seed.rows('messages', { id: id as `msg_${string}` })
    if (message === undefined) throw new Error(`There is no message ${id}.`)
    return message
  }

  describe('the outcome of a send', () => {
    it('sent: the row, the answer and the event say the same', async () => {
      const { seed, outbox } = world()
      const owned = await seedOwnedInstance(seed)
      const endpointId = await seedEndpoint(world(), owned.customerId)
      const { id } = await seedMessage(seed, owned, {
        status: 'sending',
        attempts: 1,
        contextMessageId: newId('message'),
      })
      const sent = await outbox.markSent(owned.fence, id)
      const stored = await row(id)
      expect(stored).toMatchObject({ status: 'sent', failure: null, deliveredAt: null })
      expect(close(stored.sentAt)).toBe(true)
      expect(sent).toEqual(messageOf(stored))
      const [event] = await eventsOf(seed, owned.instanceId)
      expect(event).toMatchObject({ type: 'message.sent', customerId: owned.customerId, sequence: 1 })
      expect(eventDataSchemas['message.sent'].parse(event?.data)).toEqual(presentMessage(stored, ownNumber))
      expect(await seed.rows('deliveries')).toEqual([
        expect.objectContaining({ endpointId, eventId: event?.id, lane: `${owned.instanceId}/${stored.chat}` }),
      ])
    })

    it('failed: with the reason, in row, answer and event', async () => {
      const { seed, outbox } = world()
      const owned = await seedOwnedInstance(seed, { phoneNumber: null })
      const { id } = await seedMessage(seed, owned)
      const failed = await outbox.markFailed(owned.fence, id, 'NOT_ON_WHATSAPP')
      const stored = await row(id)
      expect(stored).toMatchObject({ status: 'failed', failure: 'NOT_ON_WHATSAPP', sentAt: null })
      expect(failed).toEqual(messageOf(stored))
      const [event] = await eventsOf(seed, owned.instanceId)
      expect(event?.type).toBe('message.failed')
      expect(eventDataSchemas['message.failed'].parse(event?.data)).toEqual(presentMessage(stored, null))
    })

    it.each(['sent', 'delivered', 'read', 'failed', 'expired', 'cancelled'] as const)(
      'changes nothing that is %s already',
      async (status) => {
        const { seed, outbox } = world()
        const owned = await seedOwnedInstance(seed)
        const { id } = await seedMessage(seed, owned, { status })
        expect(await outbox.markSent(owned.fence, id)).toBeUndefined()
        expect(await outbox.markFailed(owned.fence, id, 'CONTENT_INVALID')).toBeUndefined()
        expect((await row(id)).status).toBe(status)
        expect(await eventsOf(seed, owned.instanceId)).toEqual([])
      },
    )

    it("changes no other instance's message", async () => {
      const { seed, outbox } = world()
      const owned = await seedOwnedInstance(seed)
      const foreign = await seedMessage(seed, await seedOwnedInstance(seed))
      expect(await outbox.markSent(owned.fence, foreign.id)).toBeUndefined()
      expect((await row(foreign.id)).status).toBe('queued')
    })
  })

  describe('a receipt', () => {
    it('moves messages forward and tells each once', async () => {
      const { seed, outbox } = world()
      const owned = await seedOwnedInstance(seed)
      const one = await seedMessage(seed, owned, { status: 'sent' })
      const two = await seedMessage(seed, owned, { status: 'sending', attempts: 1 })
      const waMessageIds = [one.waMessageId, two.waMessageId, 'UNKNOWN']
      await outbox.applyReceipt(owned.fence, { waMessageIds, status: 'delivered' })
      await outbox.applyReceipt(owned.fence, { waMessageIds, status: 'delivered' })
      await outbox.applyReceipt(owned.fence, { waMessageIds: [one.waMessageId], status: 'read' })
      const [first, second] = [await row(one.id), await row(two.id)]
      expect([first.status, second.status]).toEqual(['read', 'delivered'])
      expect([first.readAt, first.deliveredAt, second.deliveredAt, second.sentAt].every(close)).toBe(true)
      expect(second.readAt).toBeNull()
      const events = await eventsOf(seed, owned.instanceId)
      expect(events.map(({ type, data }) => [type, data.id])).toEqual([
        ['message.delivered', one.id],
        ['message.sent', two.id],
        ['message.delivered', two.id],
        ['message.read', one.id],
      ])
      expect(eventDataSchemas['message.read'].parse(events[3]?.data)).toEqual(presentMessage(first, ownNumber))
    })

    it('that comes before the ack was written stands for it: sent is told first, and the late ack changes nothing', async () => {
      const { seed, outbox } = world()
      const owned = await seedOwnedInstance(seed)
      const { id, waMessageId } = await seedMessage(seed, owned, { status: 'sending', attempts: 1 })
      await outbox.applyReceipt(owned.fence, { waMessageIds: [waMessageId], status: 'delivered' })
      expect(await outbox.markSent(owned.fence, id)).toBeUndefined()
      const events = await eventsOf(seed, owned.instanceId)
      expect(events.map(({ type, data }) => [type, data.status])).toEqual([
        ['message.sent', 'sent'],
        ['message.delivered', 'delivered'],
      ])
    })

    it('never moves a message back: delivered does nothing after read', async () => {
      const { seed, outbox } = world()
      const owned = await seedOwnedInstance(seed)
      const { id, waMessageId } = await seedMessage(seed, owned, { status: 'sent' })
      await outbox.applyReceipt(owned.fence, { waMessageIds: [waMessageId], status: 'read' })
      const read = await row(id)
      await outbox.applyReceipt(owned.fence, { waMessageIds: [waMessageId], status: 'delivered' })
      await outbox.applyReceipt(owned.fence, { waMessageIds: [waMessageId], status: 'read' })
      expect(await row(id)).toEqual(read)
      expect(read.deliveredAt).not.toBeNull()
      expect(await eventsOf(seed, owned.instanceId)).toHaveLength(1)
    })

    it.each(['delivered', 'read'] as const)('turns delivery unknown into %s, and no other end', async (status) => {
      const { seed, outbox } = world()
      const owned = await seedOwnedInstance(seed)
      const unknown = await seedMessage(seed, owned, { status: 'failed', failure: 'DELIVERY_UNKNOWN', attempts: 1 })
      const refused = await seedMessage(seed, owned, { status: 'failed', failure: 'REFUSED_BY_WHATSAPP' })
      const expired = await seedMessage(seed, owned, { status: 'expired' })
      const queued = await seedMessage(seed, owned)
      const waMessageIds = [unknown, refused, expired, queued].map((message) => message.waMessageId)
      await outbox.applyReceipt(owned.fence, { waMessageIds, status })
      expect(await row(unknown.id)).toMatchObject({ status, failure: null })
      const others = await Promise.all([refused, expired, queued].map(({ id }) => row(id)))
      expect(others.map((message) => message.status)).toEqual(['failed', 'expired', 'queued'])
      expect(await eventsOf(seed, owned.instanceId)).toHaveLength(1)
    })

    it('is about what the instance wrote, not what it received', async () => {
      const { seed, outbox } = world()
      const owned = await seedOwnedInstance(seed)
      const received = await seedMessage(seed, owned, {
        sender: '+5511999990002',
        direction: 'inbound',
        status: 'received',
      })
      await outbox.applyReceipt(owned.fence, { waMessageIds: [received.waMessageId], status: 'read' })
      await outbox.applyReceipt(owned.fence, { waMessageIds: [], status: 'read' })
      expect((await row(received.id)).status).toBe('received')
    })
  })

  it('outcomes of many instances at the same time stand each for itself', async () => {
    const { seed, outbox } = world()
    const [one, two, lost] = [
      await seedOwnedInstance(seed),
      await seedOwnedInstance(seed),
      await seedOwnedInstance(seed),
    ]
    const sending = { status: 'sending', attempts: 1 } as const
    const first = await seedMessage(seed, one, sending)
    const second = await seedMessage(seed, one, { ...sending, chat: '+5511999990003' })
    const elsewhere = await seedMessage(seed, two, sending)
    const final = await seedMessage(seed, two, { status: 'failed', chat: '+5511999990003' })
    const refused = await seedMessage(seed, lost, sending)
    const old = { ...lost.fence, epoch: 7 }
    const acks = await Promise.allSettled([
      outbox.markSent(one.fence, first.id),
      outbox.markSent(old, refused.id),
      outbox.markSent(two.fence, elsewhere.id),
      outbox.markSent(two.fence, final.id),
      outbox.markSent(one.fence, second.id),
    ])
    expect(acks.map((ack) => (ack.status === 'fulfilled' ? ack.value?.id : ack.reason))).toEqual([
      first.id,
      expect.any(FencedOut),
      elsewhere.id,
      undefined,
      second.id,
    ])
    const receipts = await Promise.allSettled([
      outbox.applyReceipt(one.fence, { waMessageIds: [first.waMessageId], status: 'delivered' }),
      outbox.applyReceipt(old, { waMessageIds: [refused.waMessageId], status: 'delivered' }),
      outbox.applyReceipt(two.fence, { waMessageIds: [elsewhere.waMessageId], status: 'delivered' }),
      outbox.applyReceipt(one.fence, { waMessageIds: [first.waMessageId, second.waMessageId], status: 'read' }),
      // Still `sending`: it stands for the ack as well.
      outbox.applyReceipt(lost.fence, { waMessageIds: [refused.waMessageId], status: 'read' }),
    ])
    expect(receipts.map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
      'fulfilled',
    ])
    const typesOf = async (owned: typeof one) => (await eventsOf(seed, owned.instanceId)).map(({ type }) => type)
    expect(await typesOf(one)).toEqual([
      'message.sent',
      'message.sent',
      'message.delivered',
      'message.read',
      'message.read',
    ])
    expect(await typesOf(two)).toEqual(['message.sent', 'message.delivered'])
    expect(await typesOf(lost)).toEqual(['message.sent', 'message.read'])
    expect((await row(refused.id)).status).toBe('read')
  })

  it('no outcome is written under a fence that does not hold', async () => {
    const { seed, outbox } = world()
    const owned = await seedOwnedInstance(seed)
    const { id, waMessageId } = await seedMessage(seed, owned, { status: 'sending' })
    for (const fence of [
      { ...owned.fence, epoch: 2 },
      { ...owned.fence, incarnation: 'run-2' },
    ]) {
      await expect(outbox.markSent(fence, id)).rejects.toThrow(FencedOut)
      await expect(outbox.markFailed(fence, id, 'CONTENT_INVALID')).rejects.toThrow(FencedOut)
      const receipt = outbox.applyReceipt(fence, { waMessageIds: [waMessageId], status: 'read' })
      await expect(receipt).rejects.toThrow(FencedOut)
    }
    expect((await row(id)).status).toBe('sending')
    expect(await eventsOf(seed, owned.instanceId)).toEqual([])
  })
}
