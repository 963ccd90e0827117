import { describe, expect, it } from 'vitest'
import { newId } from '#contracts/ids.ts'
import { maxWebhooksPerCustomer, previousSecretMs, type NewWebhook } from '#core/ports/webhooks.ts'
import { seedCustomer, seedInstance, seedServer } from '#core/testing/seed.ts'
import type { EdgeStores } from './edge-stores.ts'
import { openForSuite } from './open-for-suite.ts'

export function newWebhook(values: Partial<NewWebhook> = {}): NewWebhook {
  return {
    id: newId('webhook'),
    url: 'https://example.com/hooks',
    urlCheck: 'verified',
    description: null,
    events: ['*'],
    instanceId: null,
    secret: 'whsec_c2VjcmV0',
    ...values,
  }
}

type Opened = Pick<EdgeStores, 'webhooks' | 'webhookSecret' | 'seed' | 'close'>

export function webhooksConformance(open: () => Promise<Opened>): void {
  describe('Webhooks', () => {
    const opened = openForSuite(open)

    it('keeps an endpoint and its secret', async () => {
      const { webhooks, webhookSecret, seed } = opened()
      const customerId = await seedCustomer(seed)
      const instanceId = await seedInstance(seed, { customerId, serverId: await seedServer(seed) })
      const sound = { disabledReason: null, failingSince: null }
      const { secret, ...webhook } = newWebhook({
        description: `"Quotes", {braces} and 'more'`,
        events: ['message.received', 'message.sent'],
        instanceId,
      })
      const stored = { ...webhook, customerId, status: 'enabled', ...sound, createdAt: expect.any(Date) }
      expect(await webhooks.create(customerId, { ...webhook, secret })).toEqual({ outcome: 'created', webhook: stored })
      expect(await webhooks.get(customerId, webhook.id)).toEqual(stored)
      expect(await webhookSecret(webhook.id)).toBe(secret)
    })

    it("refuses an instance that is not the customer's or was deleted", async () => {
      const { webhooks, seed } = opened()
      const customerId = await seedCustomer(seed)
      const serverId = await seedServer(seed)
      const ofAnother = await seedInstance(seed, { customerId: await seedCustomer(seed), serverId })
      const deleted = await seedInstance(seed, { customerId, serverId }, { deletedAt: new Date() })
      for (const instanceId of [ofAnother, deleted, newId('instance')]) {
        expect(await webhooks.create(customerId, newWebhook({ instanceId }))).toEqual({ outcome: 'instance-not-found' })
      }
      expect(await seed.rows('webhookEndpoints', { customerId })).toEqual([])
    })

    it('never exceeds the limit, however many are created at once; deleted ones do not count', async () => {
      const { webhooks, seed } = opened()
      const customerId = await seedCustomer(seed)
      const first = newWebhook()
      await webhooks.create(customerId, first)
      await webhooks.remove(customerId, first.id)
      const outcomes = await Promise.all(
        Array.from({ length: maxWebhooksPerCustomer + 3 }, () => webhooks.create(customerId, newWebhook())),
      )
      expect(outcomes.filter(({ outcome }) => outcome === 'created')).toHaveLength(maxWebhooksPerCustomer)
      expect(outcomes.filter(({ outcome }) => outcome === 'limit-reached')).toEqual(
        Array.from({ length: 3 }, () => ({ outcome: 'limit-reached', limit: maxWebhooksPerCustomer })),
      )
    })

    it('lists newest first, in pages, and refuses the cursor of another list', async () => {
      const { webhooks, seed } = opened()
      const customerId = await seedCustomer(seed)
      const another = await seedCustomer(seed)
      await webhooks.create(another, newWebhook())
      const ids: string[] = []
      for (let count = 0; count < 3; count++) {
        const webhook = newWebhook()
        await webhooks.create(customerId, webhook)
        ids.unshift(webhook.id)
      }
      const first = await webhooks.list(customerId, { limit: 2 })
      expect(first.items.map(({ id }) => id)).toEqual(ids.slice(0, 2))
      const cursor = first.nextCursor!
      const second = await webhooks.list(customerId, { limit: 2, cursor })
      expect(second.items.map(({ id }) => id)).toEqual(ids.slice(2))
      expect(second.nextCursor).toBeNull()
      for (const wrong of [
        { id: another, cursor },
        { id: customerId, cursor: 'nonsense' },
      ]) {
        await expect(webhooks.list(wrong.id, { limit: 2, cursor: wrong.cursor })).rejects.toMatchObject({
          code: 'VALIDATION_ERROR',
        })
      }
    })

    it('changes what is named and nothing else', async () => {
      const { webhooks, seed } = opened()
      const customerId = await seedCustomer(seed)
      const { id } = newWebhook()
      await webhooks.create(customerId, newWebhook({ id, description: 'Old' }))
      expect(await webhooks.update(customerId, id, { url: 'https://example.org/new' })).toMatchObject({
        url: 'https://example.org/new',
        description: 'Old',
        events: ['*'],
      })
      expect(await webhooks.update(customerId, id, { description: null, events: ['message.read'] })).toMatchObject({
        url: 'https://example.org/new',
        description: null,
        events: ['message.read'],
        status: 'enabled',
      })
      expect(await webhooks.update(customerId, id, { status: 'disabled' })).toMatchObject({ status: 'disabled' })
    })

    it('forgets why an endpoint was disabled when it is enabled again', async () => {
      const { webhooks, seed } = opened()
      const customerId = await seedCustomer(seed)
      const { id } = newWebhook()
      await webhooks.create(customerId, newWebhook({ id }))
      await seed.update('webhookEndpoints', { id }, { status: 'disabled', disabledReason: 'endpoint-gone' })
      expect(await webhooks.get(customerId, id)).toMatchObject({ status: 'disabled', disabledReason: 'endpoint-gone' })
      expect(await webhooks.update(customerId, id, { url: 'https://example.net' })).toMatchObject({
        disabledReason: 'endpoint-gone',
      })
      expect(await webhooks.update(customerId, id, { status: 'enabled' })).toMatchObject({
        status: 'enabled',
        disabledReason: null,
      })
    })

    it("leaves another customer's endpoint alone", async () => {
      const { webhooks, seed } = opened()
      const customerId = await seedCustomer(seed)
      const { id } = newWebhook()
      await webhooks.create(customerId, newWebhook({ id }))
      const another = await seedCustomer(seed)
      const eventId = newId('event')
      expect(await webhooks.get(another, id)).toBeUndefined()
      expect(await webhooks.update(another, id, { status: 'disabled' })).toBeUndefined()
      expect(await webhooks.sendTest(another, id, eventId)).toBe('not-found')
      expect(await webhooks.sendTest(customerId, id, newId('event'))).toBe('recorded')
      expect(await webhooks.remove(another, id)).toBe(false)
      expect(await webhooks.get(customerId, id)).toMatchObject({ status: 'enabled' })
      expect(await seed.rows('events', { id: eventId })).toEqual([])
      expect(await seed.rows('deliveries', { endpointId: id })).toMatchObject([{ status: 'pending' }])
    })

    it('keeps the secret before a rotation for a day, beside the new one', async () => {
      const { webhooks, webhookSecret, seed } = opened()
      const customerId = await seedCustomer(seed)
      const { id } = newWebhook()
      await webhooks.create(customerId, newWebhook({ id }))
      const [before] = await seed.rows('webhookEndpoints', { id })
      const rotated = await webhooks.rotateSecret(customerId, id, 'whsec_bmV3')
      expect(rotated?.webhook).toEqual(await webhooks.get(customerId, id))
      const aheadMs = rotated!.previousSecretUntil.getTime() - Date.now()
      expect(Math.abs(aheadMs - previousSecretMs)).toBeLessThan(60_000)
      expect(await webhookSecret(id)).toBe('whsec_bmV3')
      const [after] = await seed.rows('webhookEndpoints', { id })
      expect(after).toMatchObject({ previousKeyRingId: before?.keyRingId, previousSecret: before?.secret })
      expect(await webhooks.rotateSecret(await seedCustomer(seed), id, 'whsec_bmV3')).toBeUndefined()
    })

    it('drops what is still due when an endpoint is removed', async () => {
      const { webhooks, seed } = opened()
      const customerId = await seedCustomer(seed)
      const { id } = newWebhook()
      const { id: keptId } = newWebhook()
      await webhooks.create(customerId, newWebhook({ id }))
      await webhooks.create(customerId, newWebhook({ id: keptId }))
      const [done, due, dueElsewhere] = [newId('event'), newId('event'), newId('event')]
      await webhooks.sendTest(customerId, id, done)
      await seed.update('deliveries', { eventId: done }, { status: 'delivered' })
      await webhooks.sendTest(customerId, id, due)
      await webhooks.sendTest(customerId, keptId, dueElsewhere)
      expect(await webhooks.remove(customerId, id)).toBe(true)
      expect(await webhooks.get(customerId, id)).toBeUndefined()
      expect(await webhooks.remove(customerId, id)).toBe(false)
      expect(await seed.rows('deliveries', { eventId: done })).toMatchObject([{ status: 'delivered' }])
      expect(await seed.rows('deliveries', { eventId: due })).toMatchObject([
        { status: 'dropped', finishedAt: expect.any(Date) },
      ])
      expect(await seed.rows('deliveries', { eventId: dueElsewhere })).toMatchObject([{ status: 'pending' }])
    })

    it('records a test event for that endpoint alone, unless it is disabled', async () => {
      const { webhooks, seed } = opened()
      const customerId = await seedCustomer(seed)
      const { id } = newWebhook()
      await webhooks.create(customerId, newWebhook({ id, events: ['message.sent'] }))
      await webhooks.create(customerId, newWebhook())
      const eventId = newId('event')
      expect(await webhooks.sendTest(customerId, id, eventId)).toBe('recorded')
      expect(await seed.rows('events', { id: eventId })).toMatchObject([
        { customerId, type: 'webhook.test', instanceId: null, sequence: null, data: { webhook_id: id } },
      ])
      expect(await seed.rows('deliveries', { eventId })).toMatchObject([
        { endpointId: id, customerId, lane: 'webhook.test', status: 'pending', attempts: 0 },
      ])
      await webhooks.update(customerId, id, { status: 'disabled' })
      const refused = newId('event')
      expect(await webhooks.sendTest(customerId, id, refused)).toBe('disabled')
      expect(await seed.rows('events', { id: refused })).toEqual([])
      await webhooks.remove(customerId, id)
      expect(await webhooks.sendTest(customerId, id, refused)).toBe('not-found')
    })
  })
}
