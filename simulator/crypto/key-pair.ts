import { createPrivateKey, createPublicKey, diffieHellman, randomBytes } from 'node:crypto'
import type { KeyObject } from 'node:crypto'

/** An X25519 key pair as raw bytes, 32 each, without the 0x05 that Signal puts in front of public keys. */
export interface KeyPair {
  readonly privateKey: Buffer
  readonly publicKey: Buffer
}

const x25519 = { kty: 'OKP', crv: 'X25519' }

/** A JWK must have a public half beside a private key; node:crypto derives it and does not look at this one. */
const unusedPublicHalf = Buffer.alloc(32).toString('base64url')

/** Importing a raw key costs more than the agreement itself, so a pair that lives on is imported once. */
const imported = new WeakMap<KeyPair, KeyObject>()

/**
 * Any 32 bytes are a private key. Not by `generateKeyPairSync` and an export as JWK: the export allocates while it holds the
 * key's lock, and a garbage collection in that moment can free the key's generator, which waits for that lock: the process
 * stands still for ever (seen on Node 20, within some thousand keys).
 */
export function generateKeyPair(): KeyPair {
  const bytes = randomBytes(32)
  const privateKey = importPrivate(bytes)
  const { x = '' } = createPublicKey(privateKey).export({ format: 'jwk' })
  const pair = { privateKey: bytes, publicKey: Buffer.from(x, 'base64url') }
  imported.set(pair, privateKey)
  return pair
}

/** X25519: the 32 bytes that both sides can compute. @throws when `theirPublicKey` is not 32 bytes or is a weak point. */
export function agree(ours: KeyPair, theirPublicKey: Uint8Array): Buffer {
  if (theirPublicKey.length !== 32) throw new Error(`An X25519 public key has 32 bytes, not ${theirPublicKey.length}.`)
  let privateKey = imported.get(ours)
  if (!privateKey) {
    privateKey = importPrivate(ours.privateKey)
    imported.set(ours, privateKey)
  }
  const publicKey = createPublicKey({
    key: { ...x25519, x: Buffer.from(theirPublicKey).toString('base64url') },
    format: 'jwk',
  })
  return diffieHellman({ privateKey, publicKey })
}

function importPrivate(bytes: Buffer): KeyObject {
  return createPrivateKey({ key: { ...x25519, x: unusedPublicHalf, d: bytes.toString('base64url') }, format: 'jwk' })
}
