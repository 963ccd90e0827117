import { randomBytes } from 'node:crypto'
import { Curve } from '@whiskeysockets/baileys'
import { calculateSignature, generateKeyPair } from 'libsignal/src/curve.js'
import { describe, expect, it } from 'vitest'
import { installSignatureVerification } from './install-verification.ts'
import { verifyXeddsa } from './verify-xeddsa.ts'

// Kept before anything is installed: what Baileys ships.
const stockVerify = Curve.verify

function signed() {
  const { pubKey, privKey } = generateKeyPair()
  const message = randomBytes(40)
  return { publicKey: pubKey, message, signature: calculateSignature(privKey, message) }
}

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const copy = Buffer.from(bytes)
  copy.writeUInt8(copy.readUInt8(at) ^ 1, at)
  return copy
}

describe('verifying XEdDSA signatures', () => {
  it('agrees with libsignal on random keys, with and without the type byte', () => {
    for (let n = 0; n < 24; n++) {
      const { publicKey, message, signature } = signed()
      expect(verifyXeddsa(publicKey, message, signature)).toBe(true)
      expect(verifyXeddsa(publicKey.subarray(1), message, signature)).toBe(true)
    }
  })

  it('refuses a changed signature, message or key', () => {
    const { publicKey, message, signature } = signed()
    for (const at of [0, 31, 32, 62]) expect(verifyXeddsa(publicKey, message, flipped(signature, at))).toBe(false)
    expect(verifyXeddsa(publicKey, flipped(message, 0), signature)).toBe(false)
    expect(verifyXeddsa(signed().publicKey, message, signature)).toBe(false)
  })

  it('refuses what has the wrong shape, without an error', () => {
    const { publicKey, message, signature } = signed()
    expect(verifyXeddsa(publicKey.subarray(0, 20), message, signature)).toBe(false)
    expect(verifyXeddsa(publicKey, message, signature.subarray(1))).toBe(false)
    expect(verifyXeddsa(new Uint8Array(32).fill(255), message, signature)).toBe(false)
    expect(verifyXeddsa(new Uint8Array(32), new Uint8Array(), new Uint8Array(64))).toBe(false)
  })
})

describe('Baileys with the verification installed', () => {
  it('refuses a forged signature, which stock Baileys accepts', () => {
    const { publicKey, message, signature } = signed()
    const forged = flipped(signature, 5)
    expect(stockVerify(publicKey.subarray(1), message, forged)).toBe(true)

    installSignatureVerification()
    expect(Curve.verify(publicKey.subarray(1), message, forged)).toBe(false)
    expect(Curve.verify(publicKey.subarray(1), message, signature)).toBe(true)
  })
})
