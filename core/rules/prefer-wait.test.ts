import { expect, it } from 'vitest'
import { preferWait } from './prefer-wait.ts'

it.each([
  [undefined, 0],
  ['', 0],
  ['wait=10', 10],
  ['Wait = 10', 10],
  ['wait="10"', 10],
  ['respond-async, wait=5', 5],
  ['wait=5; foo=bar, handling=lenient', 5],
  ['wait=3, wait=9', 3],
  ['wait=30', 30],
  ['wait=31', 30],
  ['wait=999999999', 30],
  ['wait=0', 0],
  ['wait', 0],
  ['wait=soon', 0],
  ['wait=-1', 0],
  ['wait=1.5', 0],
  ['waiting=5', 0],
])('%s asks for %i seconds', (header, seconds) => {
  expect(preferWait(header)).toBe(seconds)
})
