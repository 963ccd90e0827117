import { describe, expect, it } from 'vitest'
import { CannotOpen } from './aes-gcm.ts'
import { createKeyRing, newKeyRingSpec } from './key-ring.ts'

const text = (value: string) => new TextEncoder().encode(value)

describe('a key ring', () => {
  it('opens what it sealed, and only under the same additional data', async () => {
    const ring = createKeyRing(newKeyRingSpec())
    const { keyRingId, sealed } = await ring.seal(text('secret'), 'whk_1')
    expect(keyRingId).toBe('k1')
    expect(await ring.open(keyRingId, sealed, 'whk_1')).toEqual(text('secret'))
    await expect(ring.open(keyRingId, sealed, 'whk_2')).rejects.toThrow(CannotOpen)
  })

  it('seals the same bytes differently each time and keeps no plaintext in them', async () => {
    const ring = createKeyRing(newKeyRingSpec())
    const first = await ring.seal(text('a long enough secret'), 'x')
    const second = await ring.seal(text('a long enough secret'), 'x')
    expect(first.sealed).not.toEqual(second.sealed)
    expect(Buffer.from(first.sealed).includes('long enough')).toBe(false)
  })

  it('seals with its first key and opens with all of them', async () => {
    const old = newKeyRingSpec('k1')
    const fresh = newKeyRingSpec('k2')
    const before = await createKeyRing(old).seal(text('secret'), 'x')
    const rotated = createKeyRing(`${fresh}, ${old}`)
    expect(await rotated.open(before.keyRingId, before.sealed, 'x')).toEqual(text('secret'))
    const after = await rotated.seal(text('secret'), 'x')
    expect(after.keyRingId).toBe('k2')
    await expect(createKeyRing(old).open(after.keyRingId, after.sealed, 'x')).rejects.toThrow('no key "k2"')
  })

  it('notices every changed, missing or foreign byte', async () => {
    const ring = createKeyRing(newKeyRingSpec())
    const { keyRingId, sealed } = await ring.seal(text('secret'), 'x')
    for (let index = 0; index < sealed.length; index++) {
      const changed = sealed.with(index, sealed[index]! ^ 1)
      await expect(ring.open(keyRingId, changed, 'x')).rejects.toThrow(CannotOpen)
    }
    await expect(ring.open(keyRingId, sealed.subarray(0, -1), 'x')).rejects.toThrow(CannotOpen)
    await expect(ring.open(keyRingId, new Uint8Array(3), 'x')).rejects.toThrow(CannotOpen)
    await expect(createKeyRing(newKeyRingSpec()).open(keyRingId, sealed, 'x')).rejects.toThrow(CannotOpen)
  })

  it('handles empty plaintexts and views into larger buffers', async () => {
    const ring = createKeyRing(newKeyRingSpec())
    const view = text('--secret--').subarray(2, 8)
    for (const plaintext of [new Uint8Array(), view]) {
      const { keyRingId, sealed } = await ring.seal(plaintext, '')
      const padded = new Uint8Array(sealed.length + 8)
      padded.set(sealed, 4)
      expect(await ring.open(keyRingId, padded.subarray(4, 4 + sealed.length), '')).toEqual(plaintext)
    }
  })
})

describe('a key ring that is written wrongly', () => {
  const good = newKeyRingSpec().slice('k1:'.length)

  it.each([
    ['nothing', '', 'at least one key'],
    ['no id', good, 'Entry 1 of the key ring is not of the form'],
    ['a short key', 'k1:c2hvcnQ=', 'Entry 1 of the key ring is not the base64 of 32 bytes'],
    ['no base64', `k1:${good},k2:%%%`, 'Entry 2 of the key ring is not the base64 of 32 bytes'],
    ['an id twice', `k1:${good},k1:${good}`, 'Entry 2 of the key ring repeats'],
    ['an empty entry', `k1:${good},`, 'Entry 2 of the key ring is not of the form'],
  ])('says where, without the secret: %s', (_, spec, message) => {
    const making = () => createKeyRing(spec)
    expect(making).toThrow(message)
    expect(making).not.toThrow(good)
  })
})
