import { expect, it } from 'vitest'
import { afterBreakerAttempt, closedBreaker, type Breaker } from './webhook-breaker.ts'

const failed = { succeeded: false, isProbe: false, nowMs: 0 }
const after = (count: number, from: Breaker = closedBreaker) =>
  Array.from({ length: count }).reduce<Breaker>((breaker) => afterBreakerAttempt(breaker, failed), from)

it('opens at the tenth failure in a row, and probes 30 s later', () => {
  expect(after(9).open).toBeUndefined()
  expect(after(10).open).toEqual({ waitMs: 30_000, probeAtMs: 30_000 })
})

it('counts anew after each success, and closes at one', () => {
  const succeeded = { ...failed, succeeded: true }
  expect(after(9, afterBreakerAttempt(after(9), succeeded)).open).toBeUndefined()
  expect(afterBreakerAttempt(after(10), succeeded)).toEqual(closedBreaker)
})

it('waits twice as long after each failed probe, up to 5 minutes', () => {
  const waits: (number | undefined)[] = []
  let breaker = after(10)
  for (let probe = 0; probe < 6; probe++) {
    breaker = afterBreakerAttempt(breaker, { succeeded: false, isProbe: true, nowMs: 1_000_000 })
    waits.push(breaker.open?.waitMs)
    expect(breaker.open?.probeAtMs).toBe(1_000_000 + (breaker.open?.waitMs ?? 0))
  }
  expect(waits).toEqual([60_000, 120_000, 240_000, 300_000, 300_000, 300_000])
})

it('does not wait longer for what was on its way when it opened', () => {
  expect(after(17)).toEqual(after(10))
})
