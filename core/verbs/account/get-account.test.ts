import { expect, it } from 'vitest'
import { createMemoryApp } from '#core/testing/memory-app.ts'
import { seedActor } from '#core/testing/seed-actor.ts'
import { getAccount } from './get-account.ts'

it('tells what is used of the plan', async () => {
  const app = createMemoryApp()
  const actor = await seedActor(app.seed, 'pro')
  expect(await getAccount(app, actor)).toMatchObject({
    customer: { id: actor.customerId, plan: 'pro' },
    api_key: { id: actor.keyId, default_instance_id: null },
    usage: { messages_today: { used: 0, limit: 5000 }, instances: { used: 0, limit: 3 } },
  })
})

it('knows no key of another customer', async () => {
  const app = createMemoryApp()
  const [actor, stranger] = [await seedActor(app.seed), await seedActor(app.seed)]
  const mixed = { ...actor, keyId: stranger.keyId }
  await expect(getAccount(app, mixed)).rejects.toMatchObject({ code: 'INVALID_API_KEY' })
})
