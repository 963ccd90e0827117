import { describe, expect, it } from 'vitest'
import { newId } from '#contracts/ids.ts'
import type { MessageStatus } from '#contracts/message-status.ts'
import { presentMessage } from '#core/rules/present-message.ts'
import { seedCustomer } from '#core/testing/seed.ts'
import type { EdgeStores } from './edge-stores.ts'
import { seedSender, send } from './messages-fixture.ts'
import { openForSuite } from './open-for-suite.ts'

export function messageCancelConformance(open: () => Promise<Pick<EdgeStores, 'messages' | 'seed' | 'close'>>): void {
  describe('Messages, cancelling', () => {
    const opened = openForSuite(open)

    it('cancels a queued message once, with one event to those who listen', async () => {
      const { messages, seed } = opened()
      const sender = await seedSender(seed)
      const { customerId, instanceId } = sender
      const endpoint = { customerId, url: 'https://example.com', keyRingId: 'k1', secret: new Uint8Array(28) }
      const { id: listening } = await seed.insert('webhookEndpoints', {
        ...endpoint,
        id: newId('webhook'),
        events: ['message.failed'],
      })
      await seed.insert('webhookEndpoints', { ...endpoint, id: newId('webhook'), events: ['message.sent'] })
      const { id } = await send(messages, sender)

      const [first, second] = await Promise.all([messages.cancel(customerId, id), messages.cancel(customerId, id)])
      expect(first).toMatchObject({ id, status: 'cancelled', failure: null })
      expect(second).toEqual(first)
      const events = await seed.rows('events', { customerId })
      expect(events).toMatchObject([
        { type: 'message.failed', instanceId, sequence: 1, data: presentMessage(first!, '+5511999990001') },
      ])
      expect(await seed.rows('deliveries', { customerId })).toMatchObject([
        { endpointId: listening, eventId: events[0]?.id, lane: `${instanceId}/+5511999990002`, status: 'pending' },
      ])
    })

    it.each<MessageStatus>(['sending', 'sent', 'delivered', 'read', 'failed', 'expired'])(
      'changes nothing about one that is %s',
      async (status) => {
        const { messages, seed } = opened()
        const sender = await seedSender(seed)
        const { id } = await send(messages, sender)
        await seed.update('messages', { id }, { status })
        expect(await messages.cancel(sender.customerId, id)).toMatchObject({ id, status })
        expect(await seed.rows('events', { customerId: sender.customerId })).toEqual([])
      },
    )

    it("leaves another customer's message alone", async () => {
      const { messages, seed } = opened()
      const sender = await seedSender(seed)
      const { id } = await send(messages, sender)
      const another = await seedCustomer(seed)
      expect(await messages.cancel(another, id)).toBeUndefined()
      expect(await messages.cancel(another, newId('message'))).toBeUndefined()
      expect(await messages.get(sender.customerId, id)).toMatchObject({ status: 'queued' })
    })
  })
}
