import { describe, expect, it } from 'vitest'
import { storableJson, storableText } from './storable.ts'

describe('text that PostgreSQL can store', () => {
  it.each([
    ['a\0b', 'a\uFFFDb'],
    ['\uD83D', '\uFFFD'],
    ['\uDE00\uD83D', '\uFFFD\uFFFD'],
    ['\u{1F600}', '\u{1F600}'],
    ['\\u0000', '\\u0000'],
    ['', ''],
  ])('%j becomes %j', (given, stored) => {
    expect(storableText(given)).toBe(stored)
  })

  it('is made of every string in a JSON value', () => {
    const value = { text: { body: 'a\0' }, list: ['\uD83D', 1, null], yes: true }
    expect(JSON.parse(storableJson(value))).toEqual({ text: { body: 'a\uFFFD' }, list: ['\uFFFD', 1, null], yes: true })
  })
})
