import { describe, expect, it } from 'vitest'
import { newId } from '#contracts/ids.ts'
import type { Acceptance, NewMessage } from '#core/ports/messages.ts'
import { seedApiKey, seedCustomer, seedInstance, type Seed } from '#core/testing/seed.ts'
import type { EdgeStores } from './edge-stores.ts'
import { accept, seedSender, send, type Sender } from './messages-fixture.ts'
import { openForSuite } from './open-for-suite.ts'

interface Refusal {
  when: string
  /** Brings it about; what it returns replaces parts of the sender or of the message. */
  arrange: (seed: Seed, sender: Sender) => Promise<{ sender?: Partial<Sender>; message?: Partial<NewMessage> } | void>
  /** What the acceptance must tell. */
  tells: Partial<{ [K in keyof Acceptance]: unknown }>
}

const anHourAgo = () => new Date(Date.now() - 3_600_000)

const refusals: Refusal[] = [
  {
    when: 'the key is revoked',
    arrange: (seed, { keyId }) => seed.update('apiKeys', { id: keyId }, { revokedAt: anHourAgo() }),
    tells: { key: expect.objectContaining({ keyLive: false }) },
  },
  {
    when: 'the key has expired',
    arrange: (seed, { keyId }) => seed.update('apiKeys', { id: keyId }, { expiresAt: anHourAgo() }),
    tells: { key: expect.objectContaining({ keyLive: false }) },
  },
  {
    when: 'the key lacks the scope messages:send',
    arrange: (seed, { keyId }) =>
      seed.update('apiKeys', { id: keyId }, { scopes: ['messages:read', 'instances:manage'] }),
    tells: { key: expect.objectContaining({ keyLive: true, scopes: ['messages:read', 'instances:manage'] }) },
  },
  {
    when: 'the key is used from elsewhere than it may be',
    arrange: async (seed, { keyId }) => {
      await seed.update('apiKeys', { id: keyId }, { allowedAddresses: ['192.0.2.0/24', '2001:db8::/32'] })
      return { message: { calledFrom: '198.51.100.7' } }
    },
    tells: { key: expect.objectContaining({ keyLive: true, addressAllowed: false }) },
  },
  {
    when: 'the key is unknown',
    arrange: async () => ({ sender: { keyId: newId('apiKey') } }),
    tells: { key: undefined, instance: undefined },
  },
  {
    when: "the key is another customer's",
    arrange: async (seed) => ({ sender: { keyId: await seedApiKey(seed, await seedCustomer(seed)) } }),
    tells: { key: undefined, instance: undefined },
  },
  {
    when: 'the customer is suspended',
    arrange: (seed, { customerId }) => seed.update('customers', { id: customerId }, { status: 'suspended' }),
    tells: { key: expect.objectContaining({ customerStatus: 'suspended' }) },
  },
  {
    when: 'the customer is deleted',
    arrange: (seed, { customerId }) => seed.update('customers', { id: customerId }, { deletedAt: anHourAgo() }),
    tells: { key: expect.objectContaining({ customerStatus: 'deleted' }) },
  },
  {
    when: 'the instance is unknown',
    arrange: async () => ({ sender: { instanceId: newId('instance') } }),
    tells: { key: expect.objectContaining({ keyLive: true }), instance: undefined },
  },
  {
    when: 'the instance is deleted',
    arrange: (seed, { instanceId }) => seed.update('instances', { id: instanceId }, { deletedAt: anHourAgo() }),
    tells: { instance: undefined },
  },
  {
    when: "the instance is another customer's",
    arrange: async (seed) => ({ sender: { instanceId: (await seedSender(seed)).instanceId } }),
    tells: { instance: undefined },
  },
  {
    when: 'the quoted message is unknown',
    arrange: async () => ({ message: { contextMessageId: newId('message') } }),
    tells: { instance: expect.anything(), contextFound: false },
  },
  {
    when: 'it must be connected, but its worker lost the lease',
    async arrange(seed, { serverId }) {
      await seed.update('servers', { id: serverId }, { leaseExpiresAt: anHourAgo() })
      return { message: { requireConnected: true } }
    },
    tells: { instance: expect.objectContaining({ connected: false }) },
  },
]

/** What `insertOnce` refuses: part of `messagesConformance`. */
export function messageRefusalConformance(open: () => Promise<Pick<EdgeStores, 'messages' | 'seed' | 'close'>>): void {
  describe('Messages, refusal', () => {
    const opened = openForSuite(open)

    it.each(refusals)('stores nothing and counts nothing when $when', async ({ arrange, tells }) => {
      const { messages, seed } = opened()
      const sender = await seedSender(seed)
      const changed = (await arrange(seed, sender)) ?? {}
      const id = newId('message')
      const acceptance = await accept(messages, { ...sender, ...changed.sender }, { id, ...changed.message })
      expect(acceptance).toMatchObject(tells)
      expect(acceptance.message).toBeUndefined()
      expect(await seed.rows('messages', { id })).toEqual([])
      expect(await seed.rows('usageDays', { customerId: sender.customerId })).toEqual([])
    })

    it("refuses to quote a message of another instance, also of the customer's own", async () => {
      const { messages, seed } = opened()
      const sender = await seedSender(seed)
      const sibling = { ...sender, instanceId: await seedInstance(seed, sender) }
      const quoted = await send(messages, sibling)
      expect(await accept(messages, sender, { contextMessageId: quoted.id })).toMatchObject({
        contextFound: false,
        message: undefined,
      })
      expect(await seed.rows('messages', { customerId: sender.customerId })).toHaveLength(1)
    })

    it('still tells of an earlier message with the idempotency key, so that the caller decides', async () => {
      const { messages, seed } = opened()
      const sender = await seedSender(seed)
      const first = await send(messages, sender, { idempotencyKey: 'early' })
      await seed.update('apiKeys', { id: sender.keyId }, { revokedAt: anHourAgo() })
      expect(await accept(messages, sender, { idempotencyKey: 'early' })).toMatchObject({
        key: { keyLive: false },
        message: { message: { id: first.id }, replayed: true },
      })
    })
  })
}
