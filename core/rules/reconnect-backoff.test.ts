import { expect, it } from 'vitest'
import { reconnectDelayMs } from './reconnect-backoff.ts'

it('waits up to 1, 2, 4 ... and never more than 60 seconds', () => {
  const longest = [1, 2, 3, 4, 5, 6, 7, 8, 100].map((failures) => reconnectDelayMs(failures, 1))
  expect(longest).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000])
})

it('spreads over the whole wait', () => {
  expect(reconnectDelayMs(7, 0)).toBe(0)
  expect(reconnectDelayMs(7, 0.5)).toBe(30_000)
})
