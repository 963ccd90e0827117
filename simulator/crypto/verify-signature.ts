import { createPublicKey, verify } from 'node:crypto'
import { edwardsFromMontgomery } from './curve-map.ts'

/**
 * Verifies an XEdDSA signature: plain Ed25519 once the Montgomery key is mapped to Edwards with the sign bit that the
 * signature carries in its last byte. Malformed input is a failed verification, never an exception.
 *
 * @param publicKey 32 bytes (X25519)
 */
export function verifySignature(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== 32 || signature.length !== 64) return false
  const plain = Buffer.from(signature)
  const last = plain.readUInt8(63)
  plain.writeUInt8(last & 0x7f, 63)
  const edwards = edwardsFromMontgomery(publicKey, last & 0x80)
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: edwards.toString('base64url') }, format: 'jwk' })
  return verify(null, message, key, plain)
}
