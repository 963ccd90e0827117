import { expect, it } from 'vitest'
import { createRedisDoor } from './redis-door.ts'

it('leaves Redis alone for five seconds after a failure, then asks again', async () => {
  let now = 0
  let asked = 0
  const door = createRedisDoor(() => now)
  const fail = () => (asked++, Promise.reject(new Error('away')))
  const answer = () => (asked++, Promise.resolve('here'))

  expect(await door.attempt(answer)).toEqual({ value: 'here' })
  expect(await door.attempt(fail)).toBeUndefined()
  now = 4_999
  expect(await door.attempt(answer)).toBeUndefined()
  expect(asked).toBe(2)
  now = 5_000
  expect(await door.attempt(answer)).toEqual({ value: 'here' })
})
