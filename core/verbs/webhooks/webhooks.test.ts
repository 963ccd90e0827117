import { beforeEach, expect, it } from 'vitest'
import { newId } from '#contracts/ids.ts'
import { maxWebhooksPerCustomer } from '#core/ports/webhooks.ts'
import { createMemoryApp, type MemoryApp } from '#core/testing/memory-app.ts'
import { seedActor } from '#core/testing/seed-actor.ts'
import { seedInstance, seedServer } from '#core/testing/seed.ts'
import type { Actor } from '#core/verbs/app.ts'
import { createWebhook, type CreateWebhookInput } from './create-webhook.ts'
import { deleteWebhook } from './delete-webhook.ts'
import { getWebhook } from './get-webhook.ts'
import { listWebhooks } from './list-webhooks.ts'
import { testWebhook } from './test-webhook.ts'
import { updateWebhook } from './update-webhook.ts'

let app: MemoryApp
let actor: Actor
let stranger: Actor

beforeEach(async () => {
  app = createMemoryApp()
  actor = await seedActor(app.seed)
  stranger = await seedActor(app.seed)
})

const ownHost = 'api.wharf.example'
const create = (values: Partial<CreateWebhookInput> = {}) =>
  createWebhook(app, actor, { url: 'https://shop.example.com/hooks', events: ['*'], ownHost, ...values })

it('shows a secret of 32 random bytes, once', async () => {
  const { secret, ...view } = await create({ description: 'orders' })
  expect(atob(secret.replace('whsec_', ''))).toHaveLength(32)
  expect(await getWebhook(app, actor, view.id)).toEqual(view)
  expect((await create()).secret).not.toBe(secret)
})

it.each([
  ['plain HTTP', 'http://shop.example.com/'],
  ['a private address', 'https://10.0.0.1/'],
  ['this service itself', 'https://api.wharf.example/hooks'],
])('refuses %s, at creation and at a change', async (_what, url) => {
  await expect(create({ url })).rejects.toMatchObject({
    code: 'VALIDATION_ERROR',
    details: { url: expect.any(String) },
  })
  const { id } = await create()
  const changing = updateWebhook(app, actor, { id, change: { url }, ownHost })
  await expect(changing).rejects.toMatchObject({ code: 'VALIDATION_ERROR' })
})

it('accepts loopback where the exception is made', async () => {
  app.exceptions.loopbackWebhooks = true
  expect((await create({ url: 'http://127.0.0.1:9000/' })).url).toBe('http://127.0.0.1:9000/')
})

it("refuses an instance that is not the customer's", async () => {
  const serverId = await seedServer(app.seed)
  const foreign = await seedInstance(app.seed, { customerId: stranger.customerId, serverId })
  await expect(create({ instanceId: foreign })).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

it('refuses more endpoints than one customer can have', async () => {
  for (let count = 0; count < maxWebhooksPerCustomer; count++) await create()
  await expect(create()).rejects.toMatchObject({ code: 'CONFLICT', message: /20 webhook endpoints/ })
})

it('changes, disables, tests and deletes', async () => {
  const { id } = await create()
  const change = { description: 'renamed', status: 'disabled' as const }
  expect(await updateWebhook(app, actor, { id, change, ownHost })).toMatchObject(change)
  await expect(testWebhook(app, actor, id)).rejects.toMatchObject({ code: 'CONFLICT', message: /enable it/ })
  await updateWebhook(app, actor, { id, change: { status: 'enabled' }, ownHost })
  const { event_id } = await testWebhook(app, actor, id)
  expect(await app.seed.rows('deliveries', { endpointId: id })).toMatchObject([{ eventId: event_id }])
  await deleteWebhook(app, actor, id)
  expect((await listWebhooks(app, actor, { limit: 10 })).items).toEqual([])
})

it("answers another customer's endpoint as an unknown one", async () => {
  const { id } = await create()
  const notFound = { code: 'NOT_FOUND', message: 'There is no such webhook endpoint.' }
  await expect(getWebhook(app, stranger, id)).rejects.toMatchObject(notFound)
  await expect(updateWebhook(app, stranger, { id, change: {}, ownHost })).rejects.toMatchObject(notFound)
  await expect(testWebhook(app, stranger, id)).rejects.toMatchObject(notFound)
  await expect(deleteWebhook(app, stranger, id)).rejects.toMatchObject(notFound)
  await expect(getWebhook(app, actor, newId('webhook'))).rejects.toMatchObject(notFound)
})
