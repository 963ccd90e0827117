import { createPrivateKey, createPublicKey, diffieHellman, generateKeyPairSync } from 'node:crypto'
import type { KeyObject } from 'node:crypto'

/** An X25519 key pair as raw bytes, 32 each, without the 0x05 that Signal puts in front of public keys. */
export interface KeyPair {
  readonly privateKey: Buffer
  readonly publicKey: Buffer
}

/** Importing a raw key costs more than the agreement itself, so a pair that lives on is imported once. */
const imported = new WeakMap<KeyPair, KeyObject>()

export function generateKeyPair(): KeyPair {
  const { privateKey } = generateKeyPairSync('x25519')
  const jwk = privateKey.export({ format: 'jwk' })
  const pair = {
    privateKey: Buffer.from(jwk.d ?? '', 'base64url'),
    publicKey: Buffer.from(jwk.x ?? '', 'base64url'),
  }
  imported.set(pair, privateKey)
  return pair
}

/** X25519: the 32 bytes that both sides can compute. @throws when `theirPublicKey` is not 32 bytes or is a weak point. */
export function agree(ours: KeyPair, theirPublicKey: Uint8Array): Buffer {
  if (theirPublicKey.length !== 32) throw new Error(`An X25519 public key has 32 bytes, not ${theirPublicKey.length}.`)
  let privateKey = imported.get(ours)
  if (!privateKey) {
    const jwk = {
      kty: 'OKP',
      crv: 'X25519',
      d: ours.privateKey.toString('base64url'),
      x: ours.publicKey.toString('base64url'),
    }
    privateKey = createPrivateKey({ key: jwk, format: 'jwk' })
    imported.set(ours, privateKey)
  }
  const publicKey = createPublicKey({
    key: { kty: 'OKP', crv: 'X25519', x: Buffer.from(theirPublicKey).toString('base64url') },
    format: 'jwk',
  })
  return diffieHellman({ privateKey, publicKey })
}
