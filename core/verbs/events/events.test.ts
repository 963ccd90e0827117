import { beforeEach, describe, expect, it } from 'vitest'
import { newId, type EventId } from '#contracts/ids.ts'
import { maxHeldRequests } from '#core/rules/held-requests.ts'
import { createMemoryApp, type MemoryApp } from '#core/testing/memory-app.ts'
import { seedActor } from '#core/testing/seed-actor.ts'
import type { Actor } from '#core/verbs/app.ts'
import { followEvents, type Followed } from './follow-events.ts'
import { readEvents } from './read-events.ts'

let app: MemoryApp
let actor: Actor
/** Called with each pause; time passes with it. */
let onSleep: (count: number) => unknown
let sleeps: number

beforeEach(async () => {
  let now = Date.parse('2026-01-31T12:00:00Z')
  app = createMemoryApp({ now: () => new Date(now) })
  actor = await seedActor(app.seed)
  sleeps = 0
  onSleep = () => undefined
  app.background.sleep = async (ms) => {
    now += ms
    await onSleep(++sleeps)
  }
})

async function record(type: 'message.sent' | 'webhook.test' = 'webhook.test'): Promise<EventId> {
  const { id } = await app.seed.insert('events', {
    id: newId('event'),
    customerId: actor.customerId,
    type,
    data: {},
  })
  return id
}

const now = { limit: 10, waitSeconds: 0 }

describe('reading', () => {
  it('goes on where it ended, whether there was an event or not', async () => {
    const empty = await readEvents(app, actor, now)
    expect(empty).toMatchObject({ events: [], more: false })
    const id = await record()
    const page = await readEvents(app, actor, { ...now, after: empty.cursor })
    expect(page).toMatchObject({ events: [{ id }], more: false })
    expect(await readEvents(app, actor, { ...now, after: page.cursor })).toMatchObject({ events: [] })
  })

  it('begins at the end when asked for the latest', async () => {
    await record()
    const { cursor, events } = await readEvents(app, actor, { ...now, after: 'latest' })
    expect(events).toEqual([])
    const id = await record()
    expect(await readEvents(app, actor, { ...now, after: cursor })).toMatchObject({ events: [{ id }] })
  })

  it('refuses a cursor that this log did not give', async () => {
    const strangers = await readEvents(app, await seedActor(app.seed), now)
    for (const after of ['nonsense', strangers.cursor, btoa(`events/${actor.customerId}:99999999999999999999:`)]) {
      await expect(readEvents(app, actor, { ...now, after })).rejects.toMatchObject({
        code: 'VALIDATION_ERROR',
        details: { after: 'is not a cursor of this list' },
      })
    }
  })

  it('waits for an event, looking once a second', async () => {
    let id: EventId | undefined
    onSleep = async (count) => {
      if (count === 3) id = await record()
    }
    const page = await readEvents(app, actor, { limit: 10, waitSeconds: 10 })
    expect(page.events).toMatchObject([{ id }])
    expect(sleeps).toBe(3)
  })

  it('waits no longer than asked, and leaves its place among those who wait', async () => {
    for (let count = 0; count <= maxHeldRequests; count++) {
      sleeps = 0
      expect(await readEvents(app, actor, { limit: 10, waitSeconds: 2 })).toMatchObject({ events: [] })
      expect(sleeps).toBe(2)
    }
  })

  it('does not wait beside too many others of the same customer', async () => {
    const leave = Array.from({ length: maxHeldRequests }, () => app.heldRequests.enter(actor.customerId))
    const waiting = { limit: 10, waitSeconds: 1 }
    await expect(readEvents(app, actor, waiting)).rejects.toMatchObject({ code: 'RATE_LIMIT_EXCEEDED' })
    expect(await readEvents(app, actor, now)).toMatchObject({ events: [] })
    expect(await readEvents(app, await seedActor(app.seed), waiting)).toMatchObject({ events: [] })
    leave[0]?.()
    leave[0]?.()
    expect(await readEvents(app, actor, waiting)).toMatchObject({ events: [] })
  })
})

describe('following', () => {
  const input = { limit: 2, scope: 'events:read' as const }

  async function all(followed: AsyncGenerator<Followed, void>): Promise<Followed[]> {
    const looks: Followed[] = []
    for await (const look of followed) looks.push(look)
    return looks
  }

  it('gives every event with the cursor behind it, at once while there are more', async () => {
    const ids = [await record(), await record(), await record()]
    const followed = await followEvents(app, actor, input)
    const looks = [await followed.next(), await followed.next()].map(({ value }) => value as Followed)
    expect(looks.flatMap(({ events }) => events.map(({ event }) => event.id))).toEqual(ids)
    expect(sleeps).toBe(0)
    await followed.return()
    const lastEventId = looks[0]!.events[0]!.cursor
    const again = await followEvents(app, actor, { ...input, after: 'latest', lastEventId })
    expect((await again.next()).value).toMatchObject({ events: [{ event: { id: ids[1] } }, { event: { id: ids[2] } }] })
  })

  it('ends after five minutes and leaves its place', async () => {
    for (let count = 0; count <= maxHeldRequests; count++) {
      sleeps = 0
      const looks = await all(await followEvents(app, actor, input))
      expect({ looks: looks.length, sleeps }).toEqual({ looks: 300, sleeps: 300 })
    }
  })

  it('ends when its key is revoked', async () => {
    onSleep = (count) => count === 20 && app.seed.update('apiKeys', { id: actor.keyId }, { revokedAt: new Date(0) })
    await expect(all(await followEvents(app, actor, input))).rejects.toMatchObject({ code: 'INVALID_API_KEY' })
    expect(sleeps).toBeLessThan(40)
  })

  it('refuses a Last-Event-ID that is none', async () => {
    await expect(followEvents(app, actor, { ...input, lastEventId: '7' })).rejects.toMatchObject({
      details: { 'last-event-id': 'is not a cursor of this list' },
    })
  })
})
