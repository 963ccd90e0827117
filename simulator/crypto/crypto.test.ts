import { createRequire } from 'node:module'
import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { agree, generateKeyPair } from './key-pair.ts'
import { generateSigningKey, signingKeyFromSeed } from './signing-key.ts'
import { verifySignature } from './verify-signature.ts'

interface LibsignalCurve {
  generateKeyPair(): { pubKey: Buffer; privKey: Buffer }
  calculateAgreement(publicKey: Buffer, privateKey: Buffer): Buffer
  calculateSignature(privateKey: Buffer, message: Buffer): Buffer
  verifySignature(publicKey: Buffer, message: Buffer, signature: Buffer, isInit?: boolean): boolean
}
const curve = createRequire(import.meta.url)('libsignal/src/curve.js') as LibsignalCurve
const withPrefix = (publicKey: Buffer): Buffer => Buffer.concat([Buffer.from([5]), publicKey])

describe('X25519', () => {
  it('agrees with libsignal in both directions', () => {
    const ours = generateKeyPair()
    const theirs = curve.generateKeyPair()
    const restored = { privateKey: Buffer.from(ours.privateKey), publicKey: Buffer.from(ours.publicKey) }
    const expected = curve.calculateAgreement(withPrefix(ours.publicKey), theirs.privKey)
    expect(agree(ours, theirs.pubKey.subarray(1))).toEqual(expected)
    expect(agree(restored, theirs.pubKey.subarray(1))).toEqual(expected)
  })

  it('agrees with a signing key by its X25519 half', () => {
    const signing = generateSigningKey()
    const other = generateKeyPair()
    expect(agree(signing, other.publicKey)).toEqual(agree(other, signing.publicKey))
  })
})

describe('XEdDSA', () => {
  it('signs what libsignal verifies, for 20 random keys', () => {
    for (let round = 0; round < 20; round += 1) {
      const key = generateSigningKey()
      const message = randomBytes(round * 7 + 1)
      expect(curve.verifySignature(withPrefix(key.publicKey), message, key.sign(message))).toBe(true)
    }
  })

  it('verifies what libsignal signed, for 10 random keys', () => {
    for (let round = 0; round < 10; round += 1) {
      const { pubKey, privKey } = curve.generateKeyPair()
      const message = randomBytes(40)
      expect(verifySignature(pubKey.subarray(1), message, curve.calculateSignature(privKey, message))).toBe(true)
    }
  })

  it('refuses a changed message, a changed signature, another key and malformed input', () => {
    const key = generateSigningKey()
    const message = Buffer.from('adv')
    const signature = key.sign(message)
    const changed = Buffer.from(signature)
    changed.writeUInt8(changed.readUInt8(10) ^ 1, 10)
    expect(verifySignature(key.publicKey, message, signature)).toBe(true)
    expect(verifySignature(key.publicKey, Buffer.from('adw'), signature)).toBe(false)
    expect(verifySignature(key.publicKey, message, changed)).toBe(false)
    expect(verifySignature(generateSigningKey().publicKey, message, signature)).toBe(false)
    expect(verifySignature(key.publicKey, message, signature.subarray(1))).toBe(false)
    expect(verifySignature(Buffer.alloc(31), message, signature)).toBe(false)
  })

  it('restores a key from its seed', () => {
    const key = generateSigningKey()
    const restored = signingKeyFromSeed(key.seed)
    expect(restored.publicKey).toEqual(key.publicKey)
    expect(verifySignature(key.publicKey, Buffer.from('x'), restored.sign(Buffer.from('x')))).toBe(true)
  })
})
