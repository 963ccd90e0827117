import { createHash, randomBytes } from 'node:crypto'
import { ed25519 } from '@noble/curves/ed25519.js'

const { Point } = ed25519
const { ORDER: order } = Point.Fn

/** 2^256 - 2, little-endian: separates the hash that makes nonces from the one of Ed25519 (XEdDSA, section 2.5). */
const noncePrefix = Buffer.alloc(32, 0xff).fill(0xfe, 0, 1)

/**
 * The Edwards form of keys' public halves, which takes as long as the rest of a signature. Forgotten with the key's bytes,
 * and by themselves no secret.
 */
const publicPoints = new WeakMap<Uint8Array, Buffer>()

/**
 * Signs with an X25519 key as Signal and WhatsApp do (XEdDSA): an Ed25519 signature whose top bit holds the sign that the
 * Montgomery form of the public key has lost. libsignal's JavaScript takes ten times as long.
 *
 * @param privateKey 32 bytes, clamped or not; not to be changed later
 * @returns 64 bytes, different ones at each call
 * @throws Error on a key of another length
 */
export function signXeddsa(privateKey: Uint8Array, message: Uint8Array): Buffer {
  if (privateKey.length !== 32) throw new Error('An X25519 private key has 32 bytes.')
  const scalar = clamped(privateKey)
  const publicPoint = publicPoints.get(privateKey) ?? bytesOf(Point.BASE.multiply(fromLittleEndian(scalar) % order))
  publicPoints.set(privateKey, publicPoint)

  const nonce = hashToScalar(noncePrefix, scalar, message, randomBytes(64))
  const noncePoint = bytesOf(Point.BASE.multiply(nonce))
  const challenge = hashToScalar(noncePoint, publicPoint, message)
  const response = toLittleEndian((nonce + challenge * fromLittleEndian(scalar)) % order)

  response.writeUInt8(response.readUInt8(31) | (publicPoint.readUInt8(31) & 0x80), 31)
  return Buffer.concat([noncePoint, response])
}

/** RFC 7748, section 5: which of the 32 bytes make the scalar. */
function clamped(privateKey: Uint8Array): Buffer {
  const scalar = Buffer.from(privateKey)
  scalar.writeUInt8(scalar.readUInt8(0) & 248, 0)
  scalar.writeUInt8((scalar.readUInt8(31) & 127) | 64, 31)
  return scalar
}

function hashToScalar(...parts: Uint8Array[]): bigint {
  const hash = createHash('sha512')
  for (const part of parts) hash.update(part)
  return fromLittleEndian(hash.digest()) % order
}

function bytesOf(point: { toBytes(): Uint8Array }): Buffer {
  return Buffer.from(point.toBytes())
}

function fromLittleEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`)
}

function toLittleEndian(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(64, '0'), 'hex').reverse()
}
