import { describe, expect, it } from 'vitest'
import { eventDataSchemas } from '#contracts/events.ts'
import type { MessageStatus } from '#contracts/message-status.ts'
import { FencedOut } from '#core/ports/session-leases.ts'
import { limitLastsMs, oneLimitMs, presentSendingLimit } from '#core/rules/sending-limits.ts'
import { eventsOf, fromNow, seedEndpoint, seedMessage, seedOwnedInstance, type OwnedInstance } from './worker-seeds.ts'
import type { WorkerWorld } from './worker-world.ts'

export function sendingLimitsConformance(world: () => WorkerWorld): void {
  const columns = { 'wa-restricted': 'newChatsHeldUntil', 'wa-too-fast': 'slowedUntil' } as const
  const reasons = ['wa-restricted', 'wa-too-fast'] as const

  async function entriesOf({ instanceId }: Pick<OwnedInstance, 'instanceId'>) {
    const { entries } = await world().outbox.heads([{ instanceId, after: '' }], { chats: 10 })
    return entries
  }

  async function instanceRow({ instanceId: id }: OwnedInstance) {
    return (await world().seed.rows('instances', { id }))[0]!
  }

  describe('a limit that WhatsApp sets', () => {
    it.each(reasons)('%s: is remembered with its event', async (reason) => {
      const { seed, outbox } = world()
      const owned = await seedOwnedInstance(seed)
      await seedEndpoint(world(), owned.customerId)
      await outbox.limitSending(owned.fence, reason)
      const until = (await instanceRow(owned))[columns[reason]]!
      expect(Math.abs(until.getTime() - Date.now() - limitLastsMs[reason])).toBeLessThan(60_000)
      const [event] = await eventsOf(seed, owned.instanceId)
      expect(event?.type).toBe('instance.sending_limited')
      expect(eventDataSchemas['instance.sending_limited'].parse(event?.data)).toEqual(
        presentSendingLimit(owned.instanceId, reason, until),
      )
      expect(await seed.rows('deliveries')).toMatchObject([{ eventId: event?.id, lane: owned.instanceId }])
    })

    it.each(reasons)('%s: refusals close to each other are one, later ones prolong it', async (reason) => {
      const { seed, outbox } = world()
      const owned = await seedOwnedInstance(seed)
      await outbox.limitSending(owned.fence, reason)
      const before = await instanceRow(owned)
      await outbox.limitSending(owned.fence, reason)
      expect(await instanceRow(owned)).toEqual(before)
      const earlier = fromNow(limitLastsMs[reason] - 2 * oneLimitMs)
      await seed.update('instances', { id: owned.instanceId }, { [columns[reason]]: earlier })
      await outbox.limitSending(owned.fence, reason)
      expect((await instanceRow(owned))[columns[reason]]!.getTime()).toBeGreaterThan(earlier.getTime())
      expect(await eventsOf(seed, owned.instanceId)).toHaveLength(2)
    })

    it('is written by nobody whose fence does not hold', async () => {
      const { seed, outbox } = world()
      const owned = await seedOwnedInstance(seed)
      const stale = { ...owned.fence, epoch: 0 }
      await expect(outbox.limitSending(stale, 'wa-restricted')).rejects.toThrow(FencedOut)
      expect((await instanceRow(owned)).newChatsHeldUntil).toBeNull()
      expect(await eventsOf(seed, owned.instanceId)).toEqual([])
    })
  })

  describe('a chat is new', () => {
    it.each<[MessageStatus, boolean]>([
      ['sent', false],
      ['delivered', false],
      ['read', false],
      ['received', false],
      ['failed', true],
      ['expired', true],
      ['cancelled', true],
    ])('beside a message that is %s: %s', async (status, newChat) => {
      const { seed } = world()
      const owned = await seedOwnedInstance(seed)
      await seedMessage(seed, owned, { status })
      await seedMessage(seed, owned, { status: 'sent', chat: '+5511999990009' })
      await seedMessage(seed, await seedOwnedInstance(seed), { status: 'sent' })
      await seedMessage(seed, owned)
      expect((await entriesOf(owned)).map((entry) => entry.newChat)).toEqual([newChat])
    })

    it('no more once its first message was attempted', async () => {
      const { seed } = world()
      const owned = await seedOwnedInstance(seed)
      await seedMessage(seed, owned, { status: 'sending', attempts: 1 })
      expect((await entriesOf(owned)).map((entry) => entry.newChat)).toEqual([false])
    })
  })

  describe('the pace of an instance', () => {
    it('is what its row says, while it says so', async () => {
      const { seed } = world()
      const owned = await seedOwnedInstance(seed, { newChatsPerMinute: 7, slowedUntil: fromNow(60_000) })
      const before = await seedOwnedInstance(seed, { slowedUntil: fromNow(-1_000) })
      for (const one of [owned, before]) await seedMessage(seed, one)
      expect((await entriesOf(owned))[0]?.pace).toEqual({ newChatsPerMinute: 7, slowed: true })
      expect((await entriesOf(before))[0]?.pace).toEqual({ newChatsPerMinute: null, slowed: false })
    })

    it('is nothing for new chats while they are held, and the others go on', async () => {
      const { seed } = world()
      const owned = await seedOwnedInstance(seed, { newChatsHeldUntil: fromNow(60_000) })
      await seedMessage(seed, owned, { chat: '+1' })
      await seedMessage(seed, owned, { chat: '+2', status: 'received', direction: 'inbound', sender: '+2' })
      const known = await seedMessage(seed, owned, { chat: '+2' })
      const attempted = await seedMessage(seed, owned, { chat: '+3', status: 'sending', attempts: 1 })
      const ids = async () => (await entriesOf(owned)).map(({ message }) => message.id)
      expect(await ids()).toEqual([known.id, attempted.id])
      await seed.update('instances', { id: owned.instanceId }, { newChatsHeldUntil: fromNow(-1_000) })
      expect(await ids()).toHaveLength(3)
    })
  })
}
