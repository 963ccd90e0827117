import { expect, test } from 'vitest'
import { spreadOf } from './spread.ts'

test('an odd number of values has its middle one as median', () => {
  expect(spreadOf([9, 1, 4])).toEqual({ min: 1, median: 4, max: 9 })
})

test('an even number of values has the mean of its two middle ones', () => {
  expect(spreadOf([10, 1, 4, 2])).toEqual({ min: 1, median: 3, max: 10 })
})

test('numbers are ordered as numbers', () => {
  expect(spreadOf([100, 9, 20]).median).toBe(20)
})
