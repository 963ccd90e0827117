import { createPublicKey, verify } from 'node:crypto'
import { bareKey } from './public-key.ts'

const fieldPrime = 2n ** 255n - 19n

/** Keys of small order (RFC 7748, section 7; p - 1 has no Edwards form): anybody can sign for them. */
const weakKeys: ReadonlySet<bigint> = new Set([
  0n,
  1n,
  325606250916557431795983626356110631294008115727848805560023387167927233504n,
  39382357235489614581723060781553021112529911719440698176882885853963445705823n,
])

/**
 * Verifies an XEdDSA signature, the kind that Signal and WhatsApp make with X25519 keys: it is a plain Ed25519 signature
 * once the key is mapped to its Edwards form, whose sign bit travels in the top bit of the signature. Takes about 0.2 ms;
 * libsignal's JavaScript takes 4 to 18 ms. Malformed input is a failed verification, never an error.
 *
 * @param publicKey X25519 key: 32 bytes, or 33 with WhatsApp's type byte 5 in front
 * @param signature 64 bytes
 */
export function verifyXeddsa(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const montgomery = bareKey(publicKey)
  if (montgomery === undefined || signature.length !== 64) return false
  const edwards = toEdwards(montgomery)
  if (edwards === undefined) return false

  const plain = Buffer.from(signature)
  const last = plain.readUInt8(63)
  plain.writeUInt8(last & 0x7f, 63)
  edwards.writeUInt8(edwards.readUInt8(31) | (last & 0x80), 31)

  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: edwards.toString('base64url') }, format: 'jwk' })
  return verify(null, message, key, plain)
}

/**
 * y = (u - 1) / (u + 1), little-endian with the sign bit clear. Undefined for what no honest key is: u = -1, weak keys, and
 * numbers that are not reduced, which the specification of XEdDSA refuses.
 */
function toEdwards(montgomery: Uint8Array): Buffer | undefined {
  const u = BigInt(`0x${Buffer.from(montgomery).reverse().toString('hex')}`)
  if (u >= fieldPrime || weakKeys.has(u)) return undefined
  const inverse = invert((u + 1n) % fieldPrime)
  if (inverse === undefined) return undefined
  const y = ((u - 1n + fieldPrime) * inverse) % fieldPrime
  return Buffer.from(y.toString(16).padStart(64, '0'), 'hex').reverse()
}

/** Inverse modulo the field's prime by Euclid; undefined for 0. */
function invert(value: bigint): bigint | undefined {
  if (value === 0n) return undefined
  let [remainder, next] = [fieldPrime, value]
  let [coefficient, nextCoefficient] = [0n, 1n]
  while (next !== 0n) {
    const quotient = remainder / next
    ;[remainder, next] = [next, remainder - quotient * next]
    ;[coefficient, nextCoefficient] = [nextCoefficient, coefficient - quotient * nextCoefficient]
  }
  return coefficient < 0n ? coefficient + fieldPrime : coefficient
}
