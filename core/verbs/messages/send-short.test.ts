import { beforeEach, expect, it } from 'vitest'
import type { ServerId } from '#contracts/ids.ts'
import { createMemoryApp, type MemoryApp } from '#core/testing/memory-app.ts'
import { seedActor } from '#core/testing/seed-actor.ts'
import { seedInstance, seedServer } from '#core/testing/seed.ts'
import type { Actor } from '#core/verbs/app.ts'
import { sendShort } from './send-short.ts'

let app: MemoryApp
let actor: Actor
let serverId: ServerId

beforeEach(async () => {
  app = createMemoryApp()
  actor = await seedActor(app.seed)
  serverId = await seedServer(app.seed)
})

const send = () =>
  sendShort(app, actor, {
    to: '+5511999990002',
    content: { type: 'text', text: { body: 'Hello' } },
    ifDisconnected: 'queue',
    request: { method: 'POST', path: '/send/message', body: {} },
    waitSeconds: 0,
  })

const seedOwnInstance = () => seedInstance(app.seed, { customerId: actor.customerId, serverId })

it('sends from the only instance', async () => {
  const only = await seedOwnInstance()
  expect((await send()).message.instance_id).toBe(only)
})

it("sends from the key's default one of several", async () => {
  await seedOwnInstance()
  const chosen = await seedOwnInstance()
  await app.seed.update('apiKeys', { id: actor.keyId }, { defaultInstanceId: chosen })
  expect((await send()).message.instance_id).toBe(chosen)
})

it('says precisely why it has no instance to send from', async () => {
  await expect(send()).rejects.toMatchObject({ code: 'NO_DEFAULT_INSTANCE', message: /create one first/ })
  await seedOwnInstance()
  await seedOwnInstance()
  await expect(send()).rejects.toMatchObject({ code: 'NO_DEFAULT_INSTANCE', message: /more than one/ })
})

it('tells a dead key nothing about instances', async () => {
  await app.seed.update('apiKeys', { id: actor.keyId }, { revokedAt: new Date() })
  await expect(send()).rejects.toMatchObject({ code: 'INVALID_API_KEY' })
})
