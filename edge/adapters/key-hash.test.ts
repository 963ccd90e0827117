import { expect, it } from 'vitest'
import { newApiKey } from '#core/rules/api-key.ts'
import { sha256Hex } from '#core/rules/sha256.ts'
import { bcryptKeyHash, hashApiKey } from './key-hash.ts'

it('verifies a key by its SHA-256, and no other', async () => {
  const { key } = newApiKey('live')
  const hash = await hashApiKey(key)
  expect(hash).toMatch(/^\$2b\$12\$/)
  expect(bcryptKeyHash.matches(await sha256Hex(key), hash)).toBe(true)
  expect(bcryptKeyHash.matches(await sha256Hex(newApiKey('live').key), hash)).toBe(false)
})

it('sees the last character of a key, which bcrypt of the key itself would not', async () => {
  const longer = `${'x'.repeat(80)}a`
  const hash = await hashApiKey(longer)
  expect(bcryptKeyHash.matches(await sha256Hex(`${'x'.repeat(80)}b`), hash)).toBe(false)
})
