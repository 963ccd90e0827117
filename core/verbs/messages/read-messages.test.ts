import { beforeEach, expect, it } from 'vitest'
import { newId, type InstanceId } from '#contracts/ids.ts'
import { createMemoryApp, type MemoryApp } from '#core/testing/memory-app.ts'
import { seedActor } from '#core/testing/seed-actor.ts'
import { seedInstance, seedServer } from '#core/testing/seed.ts'
import type { Actor } from '#core/verbs/app.ts'
import { getMessage } from './get-message.ts'
import { listMessages } from './list-messages.ts'
import { sendMessage } from './send-message.ts'

let app: MemoryApp
let actor: Actor
let stranger: Actor
let instanceId: InstanceId

beforeEach(async () => {
  app = createMemoryApp()
  actor = await seedActor(app.seed)
  stranger = await seedActor(app.seed)
  const serverId = await seedServer(app.seed)
  instanceId = await seedInstance(app.seed, { customerId: actor.customerId, serverId })
})

async function send(body: string) {
  const { message } = await sendMessage(app, actor, {
    instanceId,
    to: '+5511999990002',
    content: { type: 'text', text: { body } },
    ifDisconnected: 'queue',
    request: { method: 'POST', path: '/', body },
    waitSeconds: 0,
  })
  return message
}

it('gets a message as it was accepted', async () => {
  const message = await send('Hello')
  expect(await getMessage(app, actor, message.id)).toEqual(message)
})

it("answers another customer's message as an unknown one", async () => {
  const { id } = await send('Hello')
  const foreign = getMessage(app, stranger, id)
  await expect(foreign).rejects.toMatchObject({ code: 'NOT_FOUND' })
  const foreignError: unknown = await foreign.catch((error: unknown) => error)
  await expect(getMessage(app, actor, newId('message'))).rejects.toEqual(foreignError)
})

it('lists page by page, newest first', async () => {
  const sent = [await send('one'), await send('two'), await send('three')].map(({ id }) => id)
  const first = await listMessages(app, actor, { instanceId, limit: 2 })
  const second = await listMessages(app, actor, { instanceId, limit: 2, cursor: first.nextCursor ?? '' })
  expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(sent.toReversed())
  expect(second.nextCursor).toBeNull()
})

it("lists nothing of another customer's instance", async () => {
  await expect(listMessages(app, stranger, { instanceId, limit: 2 })).rejects.toMatchObject({ code: 'NOT_FOUND' })
})
