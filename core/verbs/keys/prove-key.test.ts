import { beforeEach, expect, it, vi } from 'vitest'
import { createMemoryApp, type MemoryApp } from '#core/testing/memory-app.ts'
import { seedCustomer } from '#core/testing/seed.ts'
import { seedKey } from '#core/testing/seed-actor.ts'
import type { CustomerId } from '#contracts/ids.ts'
import { newApiKey } from '#core/rules/api-key.ts'
import type { Actor } from '#core/verbs/app.ts'
import { checkKey } from './check-key.ts'
import { proveKey } from './prove-key.ts'

let app: MemoryApp
let customerId: CustomerId
let key: string
let actor: Actor

beforeEach(async () => {
  app = createMemoryApp()
  customerId = await seedCustomer(app.seed)
  ;({ key, actor } = await seedKey(app.seed, { customerId }))
})

const uniform = { code: 'INVALID_API_KEY', details: {} }

it('proves a key by its hash once, then remembers', async () => {
  const matches = vi.spyOn(app.keyHash, 'matches')
  expect(await proveKey(app, key, null)).toEqual(actor)
  expect(await proveKey(app, key, null)).toEqual(actor)
  expect(matches).toHaveBeenCalledTimes(1)
})

it('hashes once for requests that arrive together', async () => {
  const matches = vi.spyOn(app.keyHash, 'matches')
  await Promise.all(Array.from({ length: 20 }, () => proveKey(app, key, null)))
  expect(matches).toHaveBeenCalledTimes(1)
})

it('refuses a typing error before any look-up', async () => {
  const lookUp = vi.spyOn(app.apiKeys, 'findByPublicId')
  const last = key.endsWith('0') ? '1' : '0'
  await expect(proveKey(app, key.slice(0, -1) + last, null)).rejects.toMatchObject(uniform)
  await expect(proveKey(app, undefined, null)).rejects.toMatchObject(uniform)
  expect(lookUp).not.toHaveBeenCalled()
})

it('refuses an unknown key, and one with the public id of another', async () => {
  const stranger = newApiKey('live')
  await expect(proveKey(app, stranger.key, null)).rejects.toMatchObject(uniform)
  await seedKey(app.seed, { customerId }, { values: { publicId: stranger.publicId } })
  await expect(proveKey(app, stranger.key, null)).rejects.toMatchObject(uniform)
})

it('refuses test keys except where they are allowed', async () => {
  const test = await seedKey(app.seed, { customerId }, { environment: 'test' })
  await expect(proveKey(app, test.key, null)).rejects.toMatchObject(uniform)
  app.exceptions.testKeys = true
  expect(await proveKey(app, test.key, null)).toEqual(test.actor)
})

it('reads at each request whether the key is live, whatever is remembered', async () => {
  await checkKey(app, actor, 'account:read')
  await app.seed.update('apiKeys', { id: actor.keyId }, { revokedAt: new Date() })
  await expect(checkKey(app, actor, 'account:read')).rejects.toMatchObject(uniform)
})

it('refuses an expired key, a deleted customer and a suspended one', async () => {
  await app.seed.update('customers', { id: customerId }, { status: 'suspended' })
  await expect(checkKey(app, actor, 'account:read')).rejects.toMatchObject({ code: 'ACCOUNT_SUSPENDED' })
  await app.seed.update('customers', { id: customerId }, { deletedAt: new Date() })
  await expect(checkKey(app, actor, 'account:read')).rejects.toMatchObject(uniform)
  const expired = await seedKey(
    app.seed,
    { customerId: await seedCustomer(app.seed) },
    { values: { expiresAt: new Date(0) } },
  )
  await expect(checkKey(app, expired.actor, 'account:read')).rejects.toMatchObject(uniform)
})

it('names the scope that a key lacks', async () => {
  await app.seed.update('apiKeys', { id: actor.keyId }, { scopes: ['messages:send'] })
  await expect(checkKey(app, actor, 'webhooks:manage')).rejects.toMatchObject({
    code: 'FORBIDDEN',
    details: { scope: 'webhooks:manage is needed' },
  })
})

it('has the last use written down once a minute', async () => {
  const recordUse = vi.spyOn(app.apiKeys, 'recordUse')
  for (let times = 0; times < 3; times++) {
    await checkKey(app, actor, 'account:read')
    await app.background.settled()
  }
  expect(recordUse).toHaveBeenCalledExactlyOnceWith(actor.keyId)
  expect(await app.seed.rows('apiKeys', { id: actor.keyId })).toMatchObject([{ lastUsedAt: expect.any(Date) as Date }])
})

it('refuses a key from an address outside its networks, before it looks at scopes', async () => {
  await app.seed.update('apiKeys', { id: actor.keyId }, { allowedAddresses: ['192.0.2.0/24'], scopes: [] })
  const from = (address: string | null) => checkKey(app, { ...actor, address }, 'account:read')
  const refused = { code: 'FORBIDDEN', details: { address: expect.any(String) as string } }
  await expect(from('198.51.100.7')).rejects.toMatchObject(refused)
  await expect(from(null)).rejects.toMatchObject(refused)
  await expect(from('192.0.2.7')).rejects.toMatchObject({ details: { scope: 'account:read is needed' } })
})
