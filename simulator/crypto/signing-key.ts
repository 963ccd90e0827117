import { createHash, createPrivateKey, createPublicKey, randomBytes, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { montgomeryFromEdwards } from './curve-map.ts'
import type { KeyPair } from './key-pair.ts'

/**
 * A key that both agrees (X25519) and signs (XEdDSA), as Signal's identity keys do.
 *
 * It is born as an Ed25519 seed, because node:crypto signs with seeds only. The Montgomery image of the Ed25519 public key
 * is the X25519 public key of the same scalar, so its Ed25519 signatures are valid XEdDSA signatures of the X25519 key
 * once the sign bit of the Edwards point, which the Montgomery form loses, travels in the top bit of the signature.
 */
export interface SigningKey extends KeyPair {
  /** What to persist: `signingKeyFromSeed` restores everything from these 32 bytes. */
  readonly seed: Buffer
  /** @returns 64 bytes */
  sign(message: Uint8Array): Buffer
}

const ED25519_PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex')

export function generateSigningKey(): SigningKey {
  return signingKeyFromSeed(randomBytes(32))
}

export function signingKeyFromSeed(seed: Buffer): SigningKey {
  const key: KeyObject = createPrivateKey({
    key: Buffer.concat([ED25519_PKCS8_PREFIX, seed]),
    format: 'der',
    type: 'pkcs8',
  })
  const edwards = Buffer.from(createPublicKey(key).export({ format: 'jwk' }).x ?? '', 'base64url')
  const signBit = (edwards[31] ?? 0) & 0x80
  return {
    seed,
    privateKey: clampedScalar(seed),
    publicKey: montgomeryFromEdwards(edwards),
    sign(message) {
      const signature = sign(null, message, key)
      signature.writeUInt8((signature.readUInt8(63) & 0x7f) | signBit, 63)
      return signature
    },
  }
}

/** RFC 8032, 5.1.5: the scalar that belongs to an Ed25519 seed. */
function clampedScalar(seed: Buffer): Buffer {
  const scalar = createHash('sha512').update(seed).digest().subarray(0, 32)
  scalar.writeUInt8(scalar.readUInt8(0) & 248, 0)
  scalar.writeUInt8((scalar.readUInt8(31) & 127) | 64, 31)
  return scalar
}
