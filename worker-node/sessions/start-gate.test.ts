import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createStartGate } from './start-gate.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

const never = () => new AbortController().signal

it('lets so many in per second', async () => {
  const gate = createStartGate(10, () => 0.5)
  const entered: number[] = []
  for (let index = 0; index < 5; index += 1) {
    void gate.enter(never()).then((leave) => {
      entered.push(performance.now())
      leave?.()
    })
  }
  const startedAt = performance.now()
  await vi.advanceTimersByTimeAsync(1_000)
  expect(entered.map((at) => Math.round(at - startedAt))).toEqual([0, 100, 200, 300, 400])
})

it('lets them in at gaps that vary by half, so many per second on the whole', async () => {
  const draws = [0, 0.999, 0.2, 0.8]
  const gate = createStartGate(10, () => draws.shift() ?? 0.5)
  const entered: number[] = []
  const startedAt = performance.now()
  for (let index = 0; index < 5; index += 1) {
    void gate.enter(never()).then((leave) => {
      entered.push(Math.round((performance.now() - startedAt) / 10) * 10)
      leave?.()
    })
  }
  await vi.advanceTimersByTimeAsync(1_000)
  expect(entered).toEqual([0, 50, 200, 270, 400])
})

it('holds at most 20 at once, and lets the next in when one leaves', async () => {
  const gate = createStartGate(10_000, () => 0.5)
  const leaves: (() => void)[] = []
  for (let index = 0; index < 25; index += 1) void gate.enter(never()).then((leave) => leave && leaves.push(leave))
  await vi.advanceTimersByTimeAsync(1_000)
  expect(leaves).toHaveLength(20)
  leaves[0]?.()
  leaves[0]?.()
  await vi.advanceTimersByTimeAsync(1_000)
  expect(leaves).toHaveLength(21)
})

it('forgets who gave up waiting', async () => {
  const gate = createStartGate(1, () => 0.5)
  const first = await gate.enter(never())
  const gaveUp = new AbortController()
  const second = gate.enter(gaveUp.signal)
  const third = gate.enter(never())
  gaveUp.abort()
  expect(await second).toBeUndefined()
  await vi.advanceTimersByTimeAsync(1_000)
  expect(await third).toBeDefined()
  first?.()
  expect(await gate.enter(gaveUp.signal)).toBeUndefined()
})
