import { describe, expect, it } from 'vitest'
import type { LimitOverrides } from '#contracts/plans.ts'
import type { EdgeStores } from './edge-stores.ts'
import { accept, newMessage, seedPlan, seedSender, send, todayUtc } from './messages-fixture.ts'
import { openForSuite } from './open-for-suite.ts'

/** The quota of `insertOnce`: part of `messagesConformance`. */
export function messageQuotaConformance(open: () => Promise<Pick<EdgeStores, 'messages' | 'seed' | 'close'>>): void {
  describe('Messages, quota', () => {
    const opened = openForSuite(open)

    it('refuses the message that would be one too many, and stores nothing of it', async () => {
      const { messages, seed } = opened()
      const sender = await seedSender(seed, await seedPlan(seed, 2))
      await send(messages, sender, { idempotencyKey: 'first' })
      await send(messages, sender)
      const refused = newMessage(sender.instanceId)
      expect(await messages.insertOnce(sender.customerId, sender.keyId, refused)).toEqual({ outcome: 'quota-exceeded' })
      expect(await seed.rows('messages', { id: refused.id })).toEqual([])
      expect(await seed.rows('usageDays', { customerId: sender.customerId })).toMatchObject([{ messages: 2 }])
      expect(await accept(messages, sender, { idempotencyKey: 'first' })).toMatchObject({ message: { replayed: true } })
    })

    it('lets exactly the quota through, however many come at once', async () => {
      const { messages, seed } = opened()
      const sender = await seedSender(seed, await seedPlan(seed, 20))
      const results = await Promise.all(
        Array.from({ length: 50 }, () =>
          messages.insertOnce(sender.customerId, sender.keyId, newMessage(sender.instanceId)),
        ),
      )
      expect(results.filter(({ outcome }) => outcome === 'ok')).toHaveLength(20)
      expect(results.filter(({ outcome }) => outcome === 'quota-exceeded')).toHaveLength(30)
      expect(await seed.rows('messages', { customerId: sender.customerId })).toHaveLength(20)
      expect(await seed.rows('usageDays', { customerId: sender.customerId })).toMatchObject([{ messages: 20 }])
    })

    it('counts each UTC day by itself, and each customer', async () => {
      const { messages, seed } = opened()
      const plan = await seedPlan(seed, 1)
      const sender = await seedSender(seed, plan)
      const { customerId } = sender
      await seed.insert('usageDays', { customerId, day: '2020-01-01', messages: 1, quota: 1 })
      await send(messages, await seedSender(seed, plan))
      await send(messages, sender)
      expect(await seed.rows('usageDays', { customerId, day: todayUtc() })).toMatchObject([{ messages: 1, quota: 1 }])
    })

    it("follows the customer's plan at once, up and down", async () => {
      const { messages, seed } = opened()
      const [small, large] = [await seedPlan(seed, 1), await seedPlan(seed, 3)]
      const sender = await seedSender(seed, large)
      const { customerId, keyId, instanceId } = sender
      await send(messages, sender)
      await send(messages, sender)
      await seed.update('customers', { id: customerId }, { plan: small })
      expect(await messages.insertOnce(customerId, keyId, newMessage(instanceId))).toEqual({
        outcome: 'quota-exceeded',
      })
      await seed.update('customers', { id: customerId }, { plan: large })
      await send(messages, sender)
      expect(await seed.rows('usageDays', { customerId })).toMatchObject([{ messages: 3, quota: 3 }])
    })

    it('follows what was agreed with the customer before its plan', async () => {
      const { messages, seed } = opened()
      const sender = await seedSender(seed, await seedPlan(seed, 2))
      const { customerId, keyId, instanceId } = sender
      const agree = (limitOverrides: LimitOverrides) => seed.update('customers', { id: customerId }, { limitOverrides })
      await agree({ messages_per_day: 1 })
      await send(messages, sender)
      expect(await messages.insertOnce(customerId, keyId, newMessage(instanceId))).toEqual({
        outcome: 'quota-exceeded',
      })
      await agree({ messages_per_day: null })
      await send(messages, sender)
      await send(messages, sender)
      expect(await seed.rows('usageDays', { customerId })).toMatchObject([{ messages: 3, quota: null }])
      await agree({ instances: 9 })
      expect(await messages.insertOnce(customerId, keyId, newMessage(instanceId))).toEqual({
        outcome: 'quota-exceeded',
      })
    })

    it('counts without a limit when the plan has none', async () => {
      const { messages, seed } = opened()
      const sender = await seedSender(seed, 'enterprise')
      await send(messages, sender)
      await send(messages, sender)
      expect(await seed.rows('usageDays', { customerId: sender.customerId })).toMatchObject([
        { messages: 2, quota: null },
      ])
    })
  })
}
