import { expect, it, vi } from 'vitest'
import { ApiError } from '#contracts/errors.ts'
import { newId } from '#contracts/ids.ts'
import { createFakeBackground } from '#core/testing/fake-background.ts'
import type { Followed } from '#core/verbs/events/follow-events.ts'
import { eventStream } from './event-stream.ts'

const id = newId('event')
const event = { id, type: 'webhook.test' as const, timestamp: '2026-01-31T12:00:00.000Z', data: { note: 'a\nb' } }
const found: Followed = {
  events: [{ event: { ...event, instance_id: null, sequence: null }, cursor: 'c1' }],
  cursor: 'c2',
}
const nothing: Followed = { events: [], cursor: 'c0' }

async function* looks(...values: (Followed | Error)[]): AsyncGenerator<Followed, void> {
  for (const value of values) {
    if (value instanceof Error) throw value
    yield value
  }
}

const text = (stream: ReadableStream<Uint8Array>) => new Response(stream).text()

it('writes each event with its cursor, type and JSON, and ends when following ends', async () => {
  const { event: shown } = found.events[0]!
  const written = await text(eventStream(looks(found, nothing, found), createFakeBackground()))
  const once = `id: c1\nevent: webhook.test\ndata: ${JSON.stringify(shown)}\n\n`
  expect(written).toBe(`retry: 1000\n\n${once}${once}`)
})

it('tells at once, and then every fifteen quiet looks, where to go on', async () => {
  const quiet = Array.from({ length: 17 }, (_, index) => ({ events: [], cursor: `c${index}` }))
  const written = await text(eventStream(looks(...quiet), createFakeBackground()))
  expect(written).toBe('retry: 1000\n\n: heartbeat\nid: c0\n\n: heartbeat\nid: c15\n\n')
})

it('stops following when the reader is gone', async () => {
  const followed = looks(found, found, found)
  const stopped = vi.spyOn(followed, 'return')
  const reader = eventStream(followed, createFakeBackground()).getReader()
  await reader.read()
  await reader.read()
  await reader.cancel()
  expect(stopped).toHaveBeenCalledOnce()
})

it('just ends when following fails; what is a mistake of ours is logged', async () => {
  const background = createFakeBackground()
  expect(await text(eventStream(looks(found, new ApiError('INVALID_API_KEY', 'No.')), background))).toContain('id: c1')
  await background.settled()
  await text(eventStream(looks(new Error('A mistake.')), background))
  await expect(background.settled()).rejects.toThrow('A mistake.')
})
