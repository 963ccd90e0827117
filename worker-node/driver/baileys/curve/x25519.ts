import { createPrivateKey, createPublicKey, diffieHellman, randomBytes, type KeyObject } from 'node:crypto'
import { bareKey } from './public-key.ts'

/** Raw X25519 keys of 32 bytes each. */
export interface X25519KeyPair {
  publicKey: Buffer
  privateKey: Buffer
}

const okp = { kty: 'OKP', crv: 'X25519' }

/** The public half that a JWK must have beside a private key; node:crypto derives it and does not look at this one. */
const unusedPublicHalf = Buffer.alloc(32).toString('base64url')

/**
 * Any 32 bytes are a private key. Not by `generateKeyPairSync` and an export as JWK: the export allocates while it holds the
 * key's lock, and a garbage collection in that moment frees the generator of the same key, which waits for that lock: the
 * process stands still for ever (Node 20, within some thousand keys). In DER it would take three times as long.
 */
export function generateX25519(): X25519KeyPair {
  const privateKey = randomBytes(32)
  const { x = '' } = createPublicKey(importPrivate(privateKey)).export({ format: 'jwk' })
  return { publicKey: Buffer.from(x, 'base64url'), privateKey }
}

/**
 * The shared secret of two keys, 32 bytes. libsignal does the same by node:crypto, but hands both keys over in DER, whose
 * parsing takes eight times as long as the agreement itself. As JWK they cost so little that none is kept for the next
 * call: a private key lives no longer than its session wants it to.
 *
 * @param publicKey with or without its type byte
 * @throws Error on keys of the wrong length and on public keys of low order, whose secret everybody knows
 */
export function agreeX25519(publicKey: Uint8Array, privateKey: Uint8Array): Buffer {
  const bare = bareKey(publicKey)
  if (bare === undefined) throw new Error('Not an X25519 public key.')
  if (privateKey.length !== 32) throw new Error('An X25519 private key has 32 bytes.')
  const theirs = { ...okp, x: base64url(bare) }
  return diffieHellman({
    publicKey: createPublicKey({ key: theirs, format: 'jwk' }),
    privateKey: importPrivate(privateKey),
  })
}

function importPrivate(privateKey: Uint8Array): KeyObject {
  return createPrivateKey({ key: { ...okp, x: unusedPublicHalf, d: base64url(privateKey) }, format: 'jwk' })
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64url')
}
