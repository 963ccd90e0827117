import { describe, expect, it } from 'vitest'
import { newId, type CustomerId, type ServerId, type WebhookId } from '#contracts/ids.ts'
import { ActedBefore, type Effect, type Once } from '#core/ports/idempotency.ts'
import type { TableName } from '#core/testing/memory-rows.ts'
import { seedCustomer, seedServer } from '#core/testing/seed.ts'
import { auditEntry } from './audit-fixture.ts'
import { newKey } from './customers-conformance.ts'
import type { EdgeStores } from './edge-stores.ts'
import { openForSuite } from './open-for-suite.ts'
import { newWebhook } from './webhooks-conformance.ts'

type Opened = Pick<
  EdgeStores,
  'idempotency' | 'instances' | 'webhooks' | 'webhookDeliveries' | 'customerKeys' | 'seed' | 'close'
>

interface Scene {
  customerId: CustomerId
  serverId: ServerId
  webhookId: WebhookId
}

/** One effect: each call does another one, unless the key forbids it. */
interface Case {
  what: string
  act: (stores: Opened, scene: Scene, once?: Once) => Promise<unknown>
  /** The same without any right to it: nothing is done. */
  refused: (stores: Opened, scene: Scene, once?: Once) => Promise<unknown>
  effect: Effect
  /** The rows of the customer that an act changes. */
  table: TableName
}

const text = expect.any(String) as string
const createInstance = ({ instances }: Opened, customerId: CustomerId, serverId: ServerId, once?: Once) =>
  instances.create(customerId, { id: newId('instance'), name: 'shop', desired: 'running', serverId }, once)

const cases: Case[] = [
  {
    what: 'creates an instance',
    act: (stores, { customerId, serverId }, once) => createInstance(stores, customerId, serverId, once),
    refused: (stores, { customerId }, once) => createInstance(stores, customerId, newId('server'), once),
    effect: { id: text },
    table: 'instances',
  },
  {
    what: 'creates a webhook endpoint',
    act: ({ webhooks }, { customerId }, once) => webhooks.create(customerId, newWebhook(), once),
    refused: ({ webhooks }, { customerId }, once) =>
      webhooks.create(customerId, newWebhook({ instanceId: newId('instance') }), once),
    effect: { id: text },
    table: 'webhookEndpoints',
  },
  {
    what: 'rotates a secret',
    act: ({ webhooks }, { customerId, webhookId }, once) =>
      webhooks.rotateSecret(customerId, webhookId, `whsec_${btoa(newId('request'))}`, once),
    refused: ({ webhooks }, { customerId }, once) =>
      webhooks.rotateSecret(customerId, newId('webhook'), 'whsec_bmV3', once),
    effect: { previous_secret_until: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*\.\d{3}Z$/) as string },
    table: 'webhookEndpoints',
  },
  {
    what: 'sends a test event',
    act: ({ webhooks }, { customerId, webhookId }, once) =>
      webhooks.sendTest(customerId, webhookId, newId('event'), once),
    refused: ({ webhooks }, { customerId }, once) =>
      webhooks.sendTest(customerId, newId('webhook'), newId('event'), once),
    effect: { event_id: text },
    table: 'deliveries',
  },
  {
    what: 'replays deliveries',
    async act({ webhookDeliveries, seed }, { customerId, webhookId }, once) {
      const range = { from: new Date(0), to: new Date(Date.now() + 60_000) }
      await webhookDeliveries.replay(customerId, webhookId, range, once)
      // Delivered again, so that a second replay would find it.
      await seed.update('deliveries', { customerId }, { status: 'delivered' })
    },
    refused: ({ webhookDeliveries }, { customerId }, once) =>
      webhookDeliveries.replay(customerId, newId('webhook'), { from: new Date(0), to: new Date() }, once),
    effect: { replayed: 1, continue_from: null },
    table: 'deliveries',
  },
  {
    what: 'makes a key',
    act({ customerKeys }, { customerId }, once) {
      const key = newKey()
      return customerKeys.create(customerId, key, undefined, auditEntry(null, { target: key.keyId, customerId }), once)
    },
    refused({ customerKeys }, { customerId }, once) {
      const entry = auditEntry(null, { customerId })
      return customerKeys.create(customerId, newKey(), newId('apiKey'), entry, once)
    },
    effect: { id: text },
    table: 'apiKeys',
  },
]

/** Whatever a customer's request does under an `Idempotency-Key`, it does once, whoever tries again and when. */
export function actingOnceConformance(open: () => Promise<Opened>): void {
  describe.each(cases)('a request that $what', ({ act, refused, effect, table }) => {
    const opened = openForSuite(open)

    async function arrange() {
      const { seed, webhooks } = opened()
      const customerId = await seedCustomer(seed)
      const serverId = await seedServer(seed)
      const webhook = newWebhook()
      await webhooks.create(customerId, webhook)
      const eventId = newId('event')
      await seed.insert('events', { id: eventId, customerId, type: 'webhook.test', data: {} })
      const delivery = { eventId, endpointId: webhook.id, customerId, lane: 'lane', status: 'delivered' } as const
      await seed.insert('deliveries', delivery)
      const scene: Scene = { customerId, serverId, webhookId: webhook.id }
      const once = { key: 'k' }
      const begin = (requestHash = new Uint8Array([1])) =>
        opened().idempotency.begin(customerId, { ...once, requestHash, token: newId('request') })
      const rows = () => seed.rows(table, { customerId })
      return { scene, once, begin, rows }
    }

    it('tells what was done when the answer was lost, and does it no second time', async () => {
      const { scene, once, begin, rows } = await arrange()
      expect(await begin()).toEqual({ outcome: 'begun' })
      await act(opened(), scene, once)
      const done = await rows()
      expect(await begin()).toEqual({ outcome: 'acted', effect })
      await expect(act(opened(), scene, once)).rejects.toBeInstanceOf(ActedBefore)
      expect(await rows()).toEqual(done)
      expect(await opened().seed.rows('auditLogs', { customerId: scene.customerId })).toHaveLength(
        table === 'apiKeys' ? 1 : 0,
      )
    })

    it('acts once of eight at a time', async () => {
      const { scene, once, begin } = await arrange()
      await begin()
      const acts = await Promise.allSettled(Array.from({ length: 8 }, () => act(opened(), scene, once)))
      expect(acts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      const refusals = acts.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []))
      expect(refusals.every((reason) => reason instanceof ActedBefore)).toBe(true)
    })

    it('acts after one that did nothing, but not after its refusal was kept', async () => {
      const { scene, once, begin, rows } = await arrange()
      await begin()
      const before = await rows()
      await refused(opened(), scene, once)
      expect(await rows()).toEqual(before)
      const { idempotency } = opened()
      const [row] = await opened().seed.rows('idempotentRequests', { customerId: scene.customerId })
      expect(row).toMatchObject({ timesActed: 0, effect: null })
      await idempotency.finish(scene.customerId, { ...once, token: row!.claimToken }, { status: 404, body: {} })
      await expect(act(opened(), scene, once)).rejects.toBeInstanceOf(ActedBefore)
      expect(await rows()).toEqual(before)
      await opened().seed.update('idempotentRequests', { customerId: scene.customerId }, { status: null })
      await act(opened(), scene, once)
      expect(await begin()).toEqual({ outcome: 'acted', effect })
    })

    it('keeps no refusal of another who came while it acted', async () => {
      const { scene, once, begin } = await arrange()
      await begin()
      await act(opened(), scene, once)
      const [row] = await opened().seed.rows('idempotentRequests', { customerId: scene.customerId })
      const claim = { ...once, token: row!.claimToken }
      await opened().idempotency.finish(scene.customerId, claim, { status: 404, body: {} })
      expect(await begin()).toEqual({ outcome: 'acted', effect })
      expect(await begin(new Uint8Array([2]))).toEqual({ outcome: 'mismatch' })
    })

    it('acts anew when the key is used again after seven days', async () => {
      const { scene, once, begin } = await arrange()
      await begin()
      await act(opened(), scene, once)
      await opened().seed.update('idempotentRequests', { customerId: scene.customerId }, { createdAt: new Date(0) })
      expect(await begin(new Uint8Array([2]))).toEqual({ outcome: 'begun' })
      await act(opened(), scene, once)
    })
  })
}
