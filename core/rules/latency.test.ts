import { expect, it } from 'vitest'
import { latencyBoundsMs, latencyClass, noLatencies, quantileMs } from './latency.ts'

const counts = (entries: Record<number, number>) => noLatencies().map((_none, index) => entries[index] ?? 0)

it.each([
  [0, 0],
  [99, 0],
  [100, 1],
  [1_999, 4],
  [300_000, latencyBoundsMs.length],
])('%i ms belong to class %i', (ms, index) => {
  expect(latencyClass(ms)).toBe(index)
})

it.each([
  ['nothing', {}, null],
  ['one class', { 1: 100 }, 243],
  ['two classes, the 95th in the second', { 0: 90, 2: 10 }, 375],
  ['beyond all bounds', { 10: 5 }, 300_000],
])('the 95th percentile of %s', (_what, entries, ms) => {
  expect(quantileMs(counts(entries), 0.95)).toBe(ms)
})

it('is never under the true value by more than its class is wide', () => {
  const latencies = Array.from({ length: 1_000 }, (_none, n) => n * 3)
  const measured = noLatencies()
  for (const ms of latencies) measured[latencyClass(ms)]!++
  const told = quantileMs(measured, 0.95)!
  expect(told).toBeGreaterThanOrEqual(2_000)
  expect(told).toBeLessThanOrEqual(5_000)
})
