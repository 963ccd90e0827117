import { expect, it } from 'vitest'
import { oneAfterTheOther } from './in-order.ts'

it('begins with a value when it has finished with the one before, also after an error', async () => {
  const said: string[] = []
  const handle = oneAfterTheOther(async (turns: number) => {
    for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve))
    said.push(`${turns}`)
    if (turns === 2) throw new Error('two')
  })
  const results = await Promise.allSettled([handle(3), handle(2), handle(1), handle(0)])
  expect(said).toEqual(['3', '2', '1', '0'])
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled'])
})
