import { expect, test } from 'vitest'
import { inTurn } from './variants.ts'

test('variants take turns, and who begins changes', async () => {
  const order: string[] = []
  const values = await inTurn(3, async (variant) => order.push(variant))
  expect(order).toEqual(['raw', 'driver', 'driver', 'raw', 'raw', 'driver'])
  expect(values).toEqual({ raw: [1, 4, 5], driver: [2, 3, 6] })
})
