import { expect, it } from 'vitest'
import { presentedKey } from './presented-key.ts'

it.each<[Record<string, string>, string | undefined]>([
  [{}, undefined],
  [{ 'x-api-key': ' key ' }, 'key'],
  [{ authorization: 'Bearer key' }, 'key'],
  [{ authorization: 'bearer  key ' }, 'key'],
  [{ authorization: 'Basic a2V5' }, undefined],
  [{ authorization: 'Bearer two words' }, undefined],
  [{ 'x-api-key': 'one', authorization: 'Bearer other' }, 'one'],
])('%j presents %s', (headers, key) => {
  expect(presentedKey((name) => headers[name])).toBe(key)
})
