import { expect, it } from 'vitest'
import { parseRetryAfter } from './retry-after.ts'

const now = new Date('2026-03-01T12:00:00Z')

it.each([
  ['120', 120_000],
  [' 5 ', 5_000],
  ['0', 0],
  ['Sun, 01 Mar 2026 12:01:00 GMT', 60_000],
  ['Sun, 01 Mar 2026 11:00:00 GMT', 0],
  ['-5', undefined],
  ['soon', undefined],
  ['99999999999', undefined],
  [undefined, undefined],
  [['1', '2'], undefined],
])('%j asks for %j ms', (header, ms) => {
  expect(parseRetryAfter(header, now)).toBe(ms)
})
