import { beforeEach, expect, test } from 'vitest'
import { createSharedHints, type SharedHints } from './shared-hints.ts'

let now: number
let hints: SharedHints
let ends: ((error?: Error) => void)[]
let given: string[]

beforeEach(() => {
  now = 0
  hints = createSharedHints({ now: () => now })
  ends = []
  given = []
})

const give = (place: string) =>
  hints.give(place, () => {
    given.push(place)
    return new Promise<void>((resolve, reject) => {
      ends.push((error) => (error === undefined ? resolve() : reject(error)))
    })
  })

async function end(error?: Error): Promise<void> {
  ends.shift()?.(error)
  await new Promise((resolve) => setImmediate(resolve))
}

test('while a hint is on its way, any number of others are covered by one that follows it', async () => {
  const first = give('a')
  await Promise.all([give('a'), give('a'), give('a')])
  expect(given).toEqual(['a'])
  await end()
  expect(given).toEqual(['a', 'a'])
  await end()
  await first
  expect(given).toEqual(['a', 'a'])
})

test('places do not wait for each other, and a hint that has ended is not counted on', async () => {
  void give('a')
  void give('b')
  expect(given).toEqual(['a', 'b'])
  await end()
  await end()
  void give('a')
  expect(given).toEqual(['a', 'b', 'a'])
})

test('a hint that fails is told to who gave it, and the next is given as usual', async () => {
  const failing = give('a')
  await give('a')
  const told = expect(failing).rejects.toThrow('refused')
  await end(new Error('refused'))
  await told
  void give('a')
  expect(given).toEqual(['a', 'a'])
})

test('a hint that never ends, because its request was ended, blocks the place for five seconds at most', async () => {
  void give('a')
  now = 4_999
  await give('a')
  expect(given).toEqual(['a'])
  now = 5_000
  void give('a')
  expect(given).toEqual(['a', 'a'])
})
