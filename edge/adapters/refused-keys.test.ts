import { expect, it } from 'vitest'
import type { KeyHash } from '#core/ports/key-hash.ts'
import { newApiKey } from '#core/rules/api-key.ts'
import { createMemoryApp } from '#core/testing/memory-app.ts'
import { seedKey } from '#core/testing/seed-actor.ts'
import { seedCustomer } from '#core/testing/seed.ts'
import { proveKey } from '#core/verbs/keys/prove-key.ts'
import { createRefusedKeyMemory, rememberRefusals } from './refused-keys.ts'

/** A hash that is the digest itself, and what it was asked. */
function countingHash(): KeyHash & { asked: string[] } {
  const asked: string[] = []
  return {
    asked,
    hash: (keySha256) => keySha256,
    matches(keySha256, secretHash) {
      asked.push(keySha256)
      return keySha256 === secretHash
    },
  }
}

it('a wrong key is compared once, however often it comes, and others each', () => {
  const slow = countingHash()
  const hash = rememberRefusals(createRefusedKeyMemory(), slow)
  for (let times = 0; times < 100; times++) expect(hash.matches('wrong', 'stored')).toBe(false)
  expect(hash.matches('also wrong', 'stored')).toBe(false)
  expect(slow.asked).toEqual(['wrong', 'also wrong'])
})

it('a key that was wrong before another hash was stored is right from then on', () => {
  const hash = rememberRefusals(createRefusedKeyMemory(), countingHash())
  expect(hash.matches('key', 'hash of before')).toBe(false)
  expect(hash.matches('key', 'key')).toBe(true)
  expect(hash.matches('key', 'key')).toBe(true)
})

it('forgets the refusals that came least lately, so that a flood of wrong keys cannot fill the memory', () => {
  const slow = countingHash()
  const hash = rememberRefusals(createRefusedKeyMemory(), slow)
  for (let key = 0; key <= 5_000; key++) hash.matches(`wrong ${key}`, 'stored')
  const before = slow.asked.length
  hash.matches('wrong 5000', 'stored')
  expect(slow.asked).toHaveLength(before)
  hash.matches('wrong 0', 'stored')
  expect(slow.asked).toHaveLength(before + 1)
})

it('a guess at a known public id costs one comparison, whatever comes', async () => {
  const slow = countingHash()
  const app = { ...createMemoryApp(), keyHash: rememberRefusals(createRefusedKeyMemory(), slow) }
  const guess = newApiKey('live')
  await seedKey(
    app.seed,
    { customerId: await seedCustomer(app.seed) },
    { hash: () => 'of another key', values: { publicId: guess.publicId } },
  )
  for (let times = 0; times < 3; times++) {
    await expect(proveKey(app, guess.key, null)).rejects.toMatchObject({ code: 'INVALID_API_KEY' })
  }
  expect(slow.asked).toHaveLength(1)
})
