import fc from 'fast-check'
import { expect, it } from 'vitest'
import { newApiKey, parseApiKey } from './api-key.ts'
import { toBase62 } from './base62.ts'
import { crc32 } from './crc32.ts'

it('makes keys of the documented form, each another one', () => {
  const keys = Array.from({ length: 200 }, () => newApiKey('live'))
  for (const { key, publicId } of keys) {
    expect(key).toMatch(/^ak_live_[0-9A-Za-z]{8}_[0-9A-Za-z]{49}$/)
    expect(key.slice(8, 16)).toBe(publicId)
    expect(parseApiKey(key)).toEqual({ environment: 'live', publicId, key })
  }
  expect(new Set(keys.map(({ key }) => key)).size).toBe(200)
  expect(newApiKey('test').key).toMatch(/^ak_test_/)
})

it('finds every single wrong character', () => {
  const { key } = newApiKey('live')
  for (let position = 8; position < key.length; position++) {
    const wrong = key[position] === 'x' ? 'y' : 'x'
    expect(parseApiKey(key.slice(0, position) + wrong + key.slice(position + 1))).toBeUndefined()
  }
})

it('does not take a live key for a test key', () => {
  expect(parseApiKey(newApiKey('live').key.replace('live', 'test'))).toBeUndefined()
})

it('takes no other text for a key', () => {
  const { key } = newApiKey('live')
  for (const text of ['', 'ak_live_', ` ${key}`, `${key}\n`, key.toUpperCase(), key.slice(0, -1), `${key}0`]) {
    expect(parseApiKey(text)).toBeUndefined()
  }
  fc.assert(fc.property(fc.string(), (text) => parseApiKey(text) === undefined))
})

it('computes the known CRC-32 and base 62', () => {
  expect(crc32('123456789')).toBe(0xcbf43926)
  expect(toBase62(0n, 3)).toBe('000')
  expect(toBase62(62n ** 3n - 1n, 3)).toBe('zzz')
  expect(() => toBase62(62n ** 3n, 3)).toThrow(RangeError)
})
