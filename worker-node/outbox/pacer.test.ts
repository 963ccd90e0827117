import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { newId } from '#contracts/ids.ts'
import { gapsOf, jittered, type Pace } from '#core/rules/pacing.ts'
import { createPacer } from './pacer.ts'

const instanceId = newId('instance')
const usual: Pace = { newChatsPerMinute: null, slowed: false }

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

function paced(defaultPace: number | null = 60) {
  const pacer = createPacer({ defaultPace, random: () => 0.5 })
  pacer.follow([instanceId])
  return (newChat: boolean, pace = usual, of = instanceId) => pacer.take({ message: { instanceId: of }, newChat, pace })
}

it.each([
  [usual, 60, { newChatMs: 1_000, anyMs: 0 }],
  [{ newChatsPerMinute: 6, slowed: false }, 60, { newChatMs: 10_000, anyMs: 0 }],
  [{ newChatsPerMinute: null, slowed: true }, 60, { newChatMs: 2_000, anyMs: 1_000 }],
  [{ newChatsPerMinute: 6, slowed: true }, null, { newChatMs: 20_000, anyMs: 10_000 }],
  [usual, null, { newChatMs: 0, anyMs: 0 }],
])('%o of %s a minute by default is %o', (pace, fallback, gaps) => {
  expect(gapsOf(pace, fallback)).toEqual(gaps)
})

it('varies a gap by half of it in both directions', () => {
  expect([0, 0.5, 0.999].map((random) => Math.round(jittered(1_000, random)))).toEqual([500, 1_000, 1_499])
})

it('lets first messages to new chats leave a gap apart, the first one too, and all others at once', () => {
  const take = paced()
  expect(take(true)).toBe(1_000)
  expect(take(false)).toBe(0)
  vi.advanceTimersByTime(1_000)
  expect(take(true)).toBe(0)
  expect(take(true)).toBe(1_000)
  vi.advanceTimersByTime(600)
  expect(take(true)).toBe(400)
})

it('does not make the first wait when the instance was silent for long', () => {
  const take = paced()
  vi.advanceTimersByTime(60_000)
  expect(take(true)).toBe(0)
})

it('paces instances apart', () => {
  const other = newId('instance')
  const pacer = createPacer({ defaultPace: 60, random: () => 0.5 })
  pacer.follow([instanceId, other])
  vi.advanceTimersByTime(2_000)
  const take = (id: typeof other) => pacer.take({ message: { instanceId: id }, newChat: true, pace: usual })
  expect([take(instanceId), take(other)]).toEqual([0, 0])
  pacer.follow([other])
  pacer.follow([instanceId, other])
  expect(take(instanceId)).toBe(1_000)
})

it('paces every message while the instance is slowed', () => {
  const take = paced()
  const slowed = { newChatsPerMinute: null, slowed: true }
  vi.advanceTimersByTime(60_000)
  expect(take(false, slowed)).toBe(0)
  expect(take(false, slowed)).toBe(1_000)
  vi.advanceTimersByTime(1_000)
  expect(take(true, slowed)).toBe(0)
  vi.advanceTimersByTime(1_000)
  expect(take(true, slowed)).toBe(1_000)
  expect(take(false, slowed)).toBe(0)
})

it('follows a pace that is changed at once', () => {
  const take = paced()
  vi.advanceTimersByTime(3_600_000)
  expect(take(true, { newChatsPerMinute: 1, slowed: false })).toBe(0)
  expect(take(true, { newChatsPerMinute: 1, slowed: false })).toBe(60_000)
  expect(take(true, { newChatsPerMinute: 60, slowed: false })).toBe(1_500)
})

it('has no pace where there is none', () => {
  const take = paced(null)
  expect([take(true), take(true), take(false, { newChatsPerMinute: null, slowed: true })]).toEqual([0, 0, 0])
})
