import { describe, expect, it } from 'vitest'
import { keptForMs } from '#core/ports/idempotency.ts'
import { seedApiKey, seedInstance } from '#core/testing/seed.ts'
import type { EdgeStores } from './edge-stores.ts'
import { accept, newMessage, seedSender, send, todayUtc } from './messages-fixture.ts'
import { openForSuite } from './open-for-suite.ts'

/** What `insertOnce` accepts, and replays: part of `messagesConformance`. */
export function messageAcceptanceConformance(
  open: () => Promise<Pick<EdgeStores, 'messages' | 'seed' | 'close'>>,
): void {
  describe('Messages, acceptance', () => {
    const opened = openForSuite(open)

    it('stores the message and tells all that the answer needs', async () => {
      const { messages, seed } = opened()
      const sender = await seedSender(seed)
      const message = newMessage(sender.instanceId, { idempotencyKey: 'order-1' })
      const result = await messages.insertOnce(sender.customerId, sender.keyId, message)
      expect(result).toEqual({
        outcome: 'ok',
        acceptance: {
          key: {
            keyLive: true,
            addressAllowed: true,
            useRecorded: false,
            customerStatus: 'active',
            scopes: expect.arrayContaining(['messages:send']),
            plan: 'enterprise',
            limitOverrides: {},
          },
          instance: {
            connected: true,
            phoneNumber: '+5511999990001',
            route: {
              instanceId: sender.instanceId,
              serverId: sender.serverId,
              url: `https://${sender.serverId}.example`,
              epoch: 1,
              incarnation: 'run-1',
            },
          },
          contextFound: true,
          message: {
            message: {
              id: message.id,
              customerId: sender.customerId,
              instanceId: sender.instanceId,
              direction: 'outbound',
              chat: message.chat,
              sender: 'self',
              waMessageId: message.waMessageId,
              content: message.content,
              contextMessageId: null,
              status: 'queued',
              failure: null,
              createdAt: expect.any(Date),
              sentAt: null,
              deliveredAt: null,
              readAt: null,
              expiresAt: expect.any(Date),
            },
            replayed: false,
            requestHash: message.requestHash,
          },
        },
      })
      expect(await seed.rows('usageDays', { customerId: sender.customerId })).toMatchObject([
        { day: todayUtc(), messages: 1 },
      ])
    })

    it.each([
      ['quotes and SQL', `'"; DROP TABLE messages; -- $1 \\x00 {a,b} %s`],
      ['lines and blanks', ' first\nsecond\r\n\tthird '],
      ['every script', 'Olá 你好 שלום 👩‍👩‍👧‍👦 \u{10ffff}'],
    ])('keeps %s as they are', async (_, body) => {
      const { messages, seed } = opened()
      const sender = await seedSender(seed)
      const content = { type: 'text' as const, text: { body } }
      const { id } = await send(messages, sender, { content, idempotencyKey: `key-'"\\;` })
      expect(await messages.get(sender.customerId, id)).toMatchObject({ content })
    })

    it('expires after a time or at a moment', async () => {
      const { messages, seed } = opened()
      const sender = await seedSender(seed)
      const { createdAt, expiresAt } = await send(messages, sender, { expiry: { afterMs: 90_500 } })
      expect(Math.abs(expiresAt!.getTime() - createdAt.getTime() - 90_500)).toBeLessThan(1_000)
      const at = new Date('2031-02-03T04:05:06.789Z')
      expect(await send(messages, sender, { expiry: { at } })).toMatchObject({ expiresAt: at })
    })

    it('answers a repeated idempotency key with the first message, and spends nothing', async () => {
      const { messages, seed } = opened()
      const sender = await seedSender(seed)
      const requestHash = new Uint8Array([9, 9, 9])
      const first = await send(messages, sender, { idempotencyKey: 'again', requestHash })
      await seed.update('messages', { id: first.id }, { status: 'sent' })
      const { message } = await accept(messages, sender, {
        idempotencyKey: 'again',
        requestHash: new Uint8Array([1]),
        content: { type: 'text', text: { body: 'Something else' } },
      })
      expect(message).toEqual({ message: { ...first, status: 'sent' }, replayed: true, requestHash })
      expect(await seed.rows('messages', { customerId: sender.customerId })).toHaveLength(1)
      expect(await seed.rows('usageDays', { customerId: sender.customerId })).toMatchObject([{ messages: 1 }])
    })

    it("finds a repeated idempotency key through another key and instance of the customer's", async () => {
      const { messages, seed } = opened()
      const sender = await seedSender(seed)
      const first = await send(messages, sender, { idempotencyKey: 'shared' })
      const other = {
        ...sender,
        keyId: await seedApiKey(seed, sender.customerId),
        instanceId: await seedInstance(seed, sender),
      }
      const { message } = await accept(messages, other, { idempotencyKey: 'shared' })
      expect(message).toMatchObject({ message: { id: first.id, instanceId: sender.instanceId }, replayed: true })
    })

    it('lets a key stand for its message for seven days, and then for another, once', async () => {
      const { messages, seed } = opened()
      const sender = await seedSender(seed)
      const first = await send(messages, sender, { idempotencyKey: 'weekly' })
      const aged = (ms: number) => seed.update('messages', { id: first.id }, { createdAt: new Date(Date.now() - ms) })
      await aged(keptForMs - 60_000)
      expect((await accept(messages, sender, { idempotencyKey: 'weekly' })).message?.replayed).toBe(true)
      await aged(keptForMs)
      const anew = await Promise.all(
        Array.from({ length: 5 }, () => accept(messages, sender, { idempotencyKey: 'weekly' })),
      )
      expect(new Set(anew.map(({ message }) => message?.message.id)).size).toBe(1)
      expect(anew.filter(({ message }) => message?.replayed === false)).toHaveLength(1)
      expect(anew[0]?.message?.message.id).not.toBe(first.id)
      expect(await messages.get(sender.customerId, first.id)).toMatchObject({ status: 'queued' })
    })

    it("keeps customers' idempotency keys apart", async () => {
      const { messages, seed } = opened()
      const [one, two] = [await seedSender(seed), await seedSender(seed)]
      const first = await accept(messages, one, { idempotencyKey: 'same' })
      const second = await accept(messages, two, { idempotencyKey: 'same' })
      expect(first.message?.replayed).toBe(false)
      expect(second.message?.replayed).toBe(false)
      expect(second.message?.message.id).not.toBe(first.message?.message.id)
    })

    it('makes one message of many requests with one idempotency key at once', async () => {
      const { messages, seed } = opened()
      const sender = await seedSender(seed)
      const found = await Promise.all(
        Array.from({ length: 20 }, () => accept(messages, sender, { idempotencyKey: 'burst' })),
      )
      expect(new Set(found.map(({ message }) => message?.message.id)).size).toBe(1)
      expect(found.filter(({ message }) => message?.replayed === false)).toHaveLength(1)
      expect(await seed.rows('messages', { customerId: sender.customerId })).toHaveLength(1)
      expect(await seed.rows('usageDays', { customerId: sender.customerId })).toMatchObject([{ messages: 1 }])
    })

    it('quotes a message of the same instance', async () => {
      const { messages, seed } = opened()
      const sender = await seedSender(seed)
      const quoted = await send(messages, sender)
      const acceptance = await accept(messages, sender, { contextMessageId: quoted.id })
      expect(acceptance).toMatchObject({ contextFound: true, message: { message: { contextMessageId: quoted.id } } })
    })

    it('accepts for an instance that is not connected, unless asked not to', async () => {
      const { messages, seed } = opened()
      const sender = await seedSender(seed)
      const connected = await accept(messages, sender, { requireConnected: true })
      expect(connected).toMatchObject({ instance: { connected: true }, message: { replayed: false } })
      await seed.update('instances', { id: sender.instanceId }, { state: 'disconnected', phoneNumber: null })
      const queued = await accept(messages, sender)
      expect(queued).toMatchObject({ instance: { connected: false, phoneNumber: null }, message: { replayed: false } })
      const refused = await accept(messages, sender, { requireConnected: true })
      expect(refused).toMatchObject({ instance: { connected: false }, message: undefined })
    })
  })
}
