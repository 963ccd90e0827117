import { beforeEach, describe, expect, it, vi } from 'vitest'
import { ApiError } from '#contracts/errors.ts'
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

describe('the host name of an address', () => {
  const url = 'https://hooks.shop.example/in'
  const hostName = 'hooks.shop.example'

  it.each([
    ['public', 'verified'],
    ['unknown', 'unverified'],
  ] as const)('that a live worker finds %s is saved as %s', async (result, urlCheck) => {
    await seedServer(app.seed)
    app.gateway.hosts[hostName] = result
    const { id, url_check } = await create({ url })
    expect(url_check).toBe(urlCheck)
    app.gateway.hosts['other.example'] = 'public'
    const changed = await updateWebhook(app, actor, { id, change: { url: 'https://other.example/' }, ownHost })
    expect(changed.url_check).toBe('verified')
  })

  it('that leads to a private address is refused, and the field is named', async () => {
    await seedServer(app.seed)
    app.gateway.hosts[hostName] = 'refused'
    const refusal = { code: 'VALIDATION_ERROR', details: { url: expect.stringContaining('public addresses only') } }
    await expect(create({ url })).rejects.toMatchObject(refusal)
    const { id } = await create()
    await expect(updateWebhook(app, actor, { id, change: { url }, ownHost })).rejects.toMatchObject(refusal)
    expect(await getWebhook(app, actor, id)).toMatchObject({ url: 'https://shop.example.com/hooks' })
  })

  it('is saved as unverified when no worker lives, or the two that are asked do not answer', async () => {
    app.gateway.hosts[hostName] = 'refused'
    await seedServer(app.seed, { leaseExpiresAt: new Date(0) })
    expect((await create({ url })).url_check).toBe('unverified')
    const ask = vi.spyOn(app.gateway, 'resolveHost').mockRejectedValue(new ApiError('WORKER_UNAVAILABLE', 'Away.'))
    for (let count = 0; count < 3; count++) await seedServer(app.seed)
    expect((await create({ url })).url_check).toBe('unverified')
    expect(new Set(ask.mock.calls.map(([{ id }]) => id)).size).toBe(2)
  })

  it('is not looked up when it is an address', async () => {
    const ask = vi.spyOn(app.gateway, 'resolveHost')
    expect((await create({ url: 'https://8.8.8.8/' })).url_check).toBe('verified')
    expect((await create({ url: 'https://[2606:4700::1111]/' })).url_check).toBe('verified')
    expect(ask).not.toHaveBeenCalled()
  })

  it("is refused when it is a worker's, live or not", async () => {
    await seedServer(app.seed, { url: 'https://W1.wharf.example', leaseExpiresAt: null })
    const attempt = create({ url: 'https://w1.wharf.example./internal/server/resolve-host' })
    await expect(attempt).rejects.toMatchObject({ details: { url: 'must not be an address of this service' } })
  })
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
