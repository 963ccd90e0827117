import { beforeEach, expect, it } from 'vitest'
import { newId, type EventId, type WebhookId } from '#contracts/ids.ts'
import { createMemoryApp, type MemoryApp } from '#core/testing/memory-app.ts'
import { seedActor } from '#core/testing/seed-actor.ts'
import type { Actor } from '#core/verbs/app.ts'
import { listDeliveries } from './list-deliveries.ts'
import { replayDeliveries } from './replay-deliveries.ts'
import { rotateSecret } from './rotate-secret.ts'

let app: MemoryApp
let actor: Actor
let id: WebhookId
let eventId: EventId

beforeEach(async () => {
  app = createMemoryApp()
  actor = await seedActor(app.seed)
  const { customerId } = actor
  id = newId('webhook')
  eventId = newId('event')
  const secret = new Uint8Array(1)
  const url = 'https://example.com'
  await app.seed.insert('webhookEndpoints', { id, customerId, url, events: ['*'], keyRingId: 'k', secret })
  await app.seed.insert('events', { id: eventId, customerId, type: 'webhook.test', data: {} })
  const finishedAt = new Date('2026-01-31T12:00:00Z')
  await app.seed.insert('deliveries', { eventId, endpointId: id, customerId, lane: 'a', status: 'dead', finishedAt })
})

it('tells of the next attempt only while there will be one', async () => {
  const finished = await listDeliveries(app, actor, { id, limit: 10 })
  expect(finished.items).toMatchObject([
    { event_id: eventId, status: 'dead', next_attempt_at: null, finished_at: '2026-01-31T12:00:00.000Z' },
  ])
  expect(await replayDeliveries(app, actor, { id, eventId })).toEqual({ replayed: 1, continue_from: null })
  const pending = await listDeliveries(app, actor, { id, limit: 10 })
  expect(pending.items).toMatchObject([
    { status: 'pending', next_attempt_at: expect.stringContaining('T'), finished_at: null },
  ])
})

it('replays until now when no end is told, and refuses a time that ends before it begins', async () => {
  await app.seed.update('events', { id: eventId }, { occurredAt: new Date(1_000) })
  expect(await replayDeliveries(app, actor, { id, from: new Date(0) })).toMatchObject({ replayed: 1 })
  await expect(replayDeliveries(app, actor, { id, from: new Date(2), to: new Date(1) })).rejects.toMatchObject({
    details: { from: 'must be before `to`' },
  })
})

it('says what cannot be replayed', async () => {
  await expect(replayDeliveries(app, actor, { id, eventId: newId('event') })).rejects.toMatchObject({
    code: 'NOT_FOUND',
    message: 'There is no such event.',
  })
  await app.seed.update('webhookEndpoints', { id }, { status: 'disabled' })
  await expect(replayDeliveries(app, actor, { id, eventId })).rejects.toMatchObject({ code: 'CONFLICT' })
})

it('shows a new secret, and until when the one before signs too', async () => {
  const rotated = await rotateSecret(app, actor, id)
  expect(rotated).toMatchObject({ id, secret: expect.stringMatching(/^whsec_/) })
  expect(Date.parse(rotated.previous_secret_until)).toBeGreaterThan(Date.now())
  const stranger = await seedActor(app.seed)
  for (const attempt of [
    rotateSecret(app, stranger, id),
    listDeliveries(app, stranger, { id, limit: 1 }),
    replayDeliveries(app, stranger, { id, eventId }),
  ]) {
    await expect(attempt).rejects.toMatchObject({ code: 'NOT_FOUND', message: 'There is no such webhook endpoint.' })
  }
})
