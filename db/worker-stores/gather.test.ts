import { expect, test } from 'vitest'
import { gather } from './gather.ts'

/** A statement that a test ends by hand, and what it was asked for. */
function recorded() {
  const asked: number[][] = []
  const ends: (() => void)[] = []
  const together = async (items: readonly number[]) => {
    asked.push([...items])
    await new Promise<void>((resolve) => ends.push(resolve))
    if (items.includes(13)) throw new Error(`13 of ${items.length}`)
    return items.map((item) => item * 2)
  }
  const end = async () => {
    ends.shift()?.()
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { asked, together, end }
}
const soon = () => new Promise((resolve) => setImmediate(resolve))

test('calls of one turn are one statement, and those that come while it runs are the next', async () => {
  const { asked, together, end } = recorded()
  const double = gather(10, together)
  const first = [double(1), double(2)]
  await soon()
  const second = [double(3), double(4), double(5)]
  await end()
  await end()
  expect(await Promise.all([...first, ...second])).toEqual([2, 4, 6, 8, 10])
  expect(asked).toEqual([
    [1, 2],
    [3, 4, 5],
  ])
})

test('a statement never grows beyond the limit', async () => {
  const { asked, together, end } = recorded()
  const double = gather(2, together)
  const all = Promise.all([1, 2, 3].map(double))
  await soon()
  await end()
  await end()
  await all
  expect(asked).toEqual([[1, 2], [3]])
})

test('an item that cannot be stored fails alone, in its turn', async () => {
  const { asked, together, end } = recorded()
  const double = gather(10, together)
  const all = Promise.allSettled([1, 13, 2].map(double))
  await soon()
  for (let statement = 0; statement < 4; statement++) await end()
  expect((await all).map((result) => (result.status === 'fulfilled' ? result.value : String(result.reason)))).toEqual([
    2,
    'Error: 13 of 1',
    4,
  ])
  expect(asked).toEqual([[1, 13, 2], [1], [13], [2]])
})

test('while the database is away nothing is tried one by one', async () => {
  let statements = 0
  const store = gather(10, async () => {
    statements += 1
    throw Object.assign(new Error('gone'), { code: 'ECONNREFUSED' })
  })
  const results = await Promise.allSettled([store(1), store(2)])
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(statements).toBe(1)
  await expect(store(3)).rejects.toThrow('gone')
})
