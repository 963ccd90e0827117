import { describe, expect, it } from 'vitest'
import { newId } from '#contracts/ids.ts'
import type { MessageStatus } from '#contracts/message-status.ts'
import { seedCustomer } from '#core/testing/seed.ts'
import type { EdgeStores } from './edge-stores.ts'
import { messageCancelConformance } from './message-cancel-conformance.ts'
import { messageForAdminConformance } from './message-for-admin-conformance.ts'
import { messageAcceptanceConformance } from './message-acceptance-conformance.ts'
import { messageQuotaConformance } from './message-quota-conformance.ts'
import { messageRefusalConformance } from './message-refusal-conformance.ts'
import { seedSender, send } from './messages-fixture.ts'
import { openForSuite } from './open-for-suite.ts'

export function messagesConformance(open: () => Promise<Pick<EdgeStores, 'messages' | 'seed' | 'close'>>): void {
  messageAcceptanceConformance(open)
  messageRefusalConformance(open)
  messageQuotaConformance(open)
  messageCancelConformance(open)
  messageForAdminConformance(open)

  describe('Messages, reading', () => {
    const opened = openForSuite(open)

    it('shows a message to its customer only', async () => {
      const { messages, seed } = opened()
      const sender = await seedSender(seed)
      const sent = await send(messages, sender)
      expect(await messages.get(sender.customerId, sent.id)).toEqual(sent)
      expect(await messages.get(await seedCustomer(seed), sent.id)).toBeUndefined()
      expect(await messages.get(sender.customerId, newId('message'))).toBeUndefined()
    })

    it('shows what became of a message', async () => {
      const { messages, seed } = opened()
      const sender = await seedSender(seed)
      const { id } = await send(messages, sender)
      const [sentAt, deliveredAt, readAt] = [new Date(1_000), new Date(2_000), new Date(3_000)]
      await seed.update('messages', { id }, { status: 'read', sentAt, deliveredAt, readAt })
      expect(await messages.get(sender.customerId, id)).toMatchObject({ status: 'read', sentAt, deliveredAt, readAt })
      await seed.update('messages', { id }, { status: 'failed', failure: 'NOT_ON_WHATSAPP' })
      expect(await messages.get(sender.customerId, id)).toMatchObject({ status: 'failed', failure: 'NOT_ON_WHATSAPP' })
    })

    it('lists newest first, in pages, each message once', async () => {
      const { messages, seed } = opened()
      const sender = await seedSender(seed)
      const ids: string[] = []
      for (let count = 0; count < 5; count++) ids.unshift((await send(messages, sender)).id)
      const pages: string[][] = []
      let cursor: string | undefined
      do {
        const query = { limit: 2, ...(cursor === undefined ? {} : { cursor }) }
        const page = await messages.list(sender.customerId, sender.instanceId, query)
        pages.push(page!.items.map(({ id }) => id))
        cursor = page!.nextCursor ?? undefined
      } while (cursor !== undefined)
      expect(pages).toEqual([ids.slice(0, 2), ids.slice(2, 4), ids.slice(4)])
    })

    it('lists by direction, status and chat', async () => {
      const { messages, seed } = opened()
      const sender = await seedSender(seed)
      const { customerId, instanceId } = sender
      const failed = await send(messages, sender, { chat: '+491701234567' })
      await seed.update('messages', { id: failed.id }, { status: 'failed' })
      const queued = await send(messages, sender)
      const received = newId('message')
      await seed.insert('messages', {
        id: received,
        customerId,
        instanceId,
        direction: 'inbound',
        chat: '+491701234567',
        sender: '+491701234567',
        waMessageId: 'ABC',
        type: 'unsupported',
        content: { type: 'unsupported', unsupported: { kind: 'pollCreationMessage' } },
        status: 'received',
      })
      const listed = async (filter: { direction?: 'inbound' | 'outbound'; status?: MessageStatus; chat?: string }) =>
        (await messages.list(customerId, instanceId, { limit: 10, ...filter }))!.items.map(({ id }) => id)
      expect(await listed({})).toEqual([received, queued.id, failed.id])
      expect(await listed({ direction: 'inbound' })).toEqual([received])
      expect(await listed({ direction: 'outbound' })).toEqual([queued.id, failed.id])
      expect(await listed({ status: 'failed' })).toEqual([failed.id])
      expect(await listed({ chat: '+491701234567' })).toEqual([received, failed.id])
      expect(await listed({ chat: '+491701234567', direction: 'outbound', status: 'queued' })).toEqual([])
      expect(await messages.get(customerId, received)).toMatchObject({ direction: 'inbound', expiresAt: null })
    })

    it('goes on after a message that the filter no longer shows', async () => {
      const { messages, seed } = opened()
      const sender = await seedSender(seed)
      const older = await send(messages, sender)
      const newer = await send(messages, sender)
      const query = { limit: 1, status: 'queued' as const }
      const first = await messages.list(sender.customerId, sender.instanceId, query)
      await seed.update('messages', { id: newer.id }, { status: 'sent' })
      const cursor = first!.nextCursor!
      const second = await messages.list(sender.customerId, sender.instanceId, { ...query, cursor })
      expect(second!.items.map(({ id }) => id)).toEqual([older.id])
    })

    it('refuses the cursor of another instance', async () => {
      const { messages, seed } = opened()
      const [sender, another] = [await seedSender(seed), await seedSender(seed)]
      for (let count = 0; count < 2; count++) await send(messages, another)
      const page = await messages.list(another.customerId, another.instanceId, { limit: 1 })
      for (const cursor of [page!.nextCursor!, 'nonsense']) {
        await expect(messages.list(sender.customerId, sender.instanceId, { limit: 1, cursor })).rejects.toMatchObject({
          code: 'VALIDATION_ERROR',
          details: { cursor: 'is not a cursor of this list' },
        })
      }
    })

    it("lists nothing of an instance that is unknown, deleted or another customer's", async () => {
      const { messages, seed } = opened()
      const sender = await seedSender(seed)
      await send(messages, sender)
      const { customerId, instanceId } = sender
      expect(await messages.list(await seedCustomer(seed), instanceId, { limit: 1 })).toBeUndefined()
      expect(await messages.list(customerId, newId('instance'), { limit: 1 })).toBeUndefined()
      await seed.update('instances', { id: instanceId }, { deletedAt: new Date() })
      expect(await messages.list(customerId, instanceId, { limit: 1 })).toBeUndefined()
    })
  })
}
