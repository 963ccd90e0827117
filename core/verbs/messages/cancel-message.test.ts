import { expect, it } from 'vitest'
import { newId } from '#contracts/ids.ts'
import { createMemoryApp } from '#core/testing/memory-app.ts'
import { seedActor } from '#core/testing/seed-actor.ts'
import { seedInstance, seedServer } from '#core/testing/seed.ts'
import { cancelMessage } from './cancel-message.ts'
import { sendMessage } from './send-message.ts'

async function arrange() {
  const app = createMemoryApp()
  const actor = await seedActor(app.seed)
  const instanceId = await seedInstance(app.seed, {
    customerId: actor.customerId,
    serverId: await seedServer(app.seed),
  })
  const { message } = await sendMessage(app, actor, {
    instanceId,
    to: '+5511999990002',
    content: { type: 'text', text: { body: 'Hello' } },
    ifDisconnected: 'queue',
    request: { method: 'POST', path: '/', body: 'Hello' },
    waitSeconds: 0,
  })
  return { app, actor, message }
}

it('cancels a queued message, as often as it is asked', async () => {
  const { app, actor, message } = await arrange()
  const cancelled = { ...message, status: 'cancelled' }
  expect(await cancelMessage(app, actor, message.id)).toEqual(cancelled)
  expect(await cancelMessage(app, actor, message.id)).toEqual(cancelled)
})

it('says why it does not cancel one that is on its way', async () => {
  const { app, actor, message } = await arrange()
  await app.seed.update('messages', { id: message.id }, { status: 'sending' })
  await expect(cancelMessage(app, actor, message.id)).rejects.toMatchObject({
    code: 'CONFLICT',
    message: 'Only a queued message can be cancelled; this one is sending.',
  })
})

it("knows neither another customer's nor an unknown message", async () => {
  const { app, actor, message } = await arrange()
  const stranger = await seedActor(app.seed)
  await expect(cancelMessage(app, stranger, message.id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await expect(cancelMessage(app, actor, newId('message'))).rejects.toMatchObject({ code: 'NOT_FOUND' })
})
