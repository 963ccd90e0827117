import { expect, it } from 'vitest'
import { createTokenBuckets } from './token-bucket.ts'

it('lets its capacity through at once, then one per share of the refill', () => {
  let now = 0
  const buckets = createTokenBuckets(() => now)
  const take = (name = 'a') => buckets.take(name, 30, 60_000)

  for (let count = 29; count >= 0; count--) expect(take()).toMatchObject({ allowed: true, remaining: count })
  expect(take()).toMatchObject({ allowed: false, remaining: 0, nextAt: new Date(2_000) })
  expect(take('b').allowed).toBe(true)
  now = 1_999
  expect(take().allowed).toBe(false)
  now = 2_000
  expect(take().allowed).toBe(true)
  expect(take().allowed).toBe(false)
  now = 10_000_000
  expect(take()).toMatchObject({ allowed: true, remaining: 29 })
})
