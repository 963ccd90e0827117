import { randomInt } from 'node:crypto'
import { generateKeyPair } from '#simulator/crypto/key-pair.ts'
import type { KeyPair } from '#simulator/crypto/key-pair.ts'
import { generateSigningKey, signingKeyFromSeed } from '#simulator/crypto/signing-key.ts'
import type { SigningKey } from '#simulator/crypto/signing-key.ts'
import { decodeKeyPair, encodeKeyPair } from '#simulator/signal/session.ts'
import type { PreKeyBundle } from '#simulator/signal/session.ts'
import type { LocalKeys } from '#simulator/signal/session-record.ts'
import { prefixed } from '#simulator/signal/whisper-message.ts'
import type { Store } from '#simulator/store/store.ts'

interface StoredKeys {
  identitySeed: string
  registrationId: number
  signedPreKey: { id: number; privateKey: string; publicKey: string; signature: string }
}

interface StoredKeyPair {
  privateKey: string
  publicKey: string
}

/** Bundles that were fetched and never used leave a key behind; the oldest go beyond this many. */
const MAX_PRE_KEYS = 1000

/** A phone's Signal keys. One-time pre-keys are made as they are asked for, instead of in advance as real phones do. */
export class PhoneKeys implements LocalKeys {
  readonly identity: SigningKey
  readonly registrationId: number
  readonly signedPreKey: { id: number; pair: KeyPair }
  readonly #signature: Buffer
  readonly #store: Store
  readonly #group: string
  readonly #preKeys = new Map<number, KeyPair>()
  #nextPreKeyId = 1

  constructor(store: Store, number: string) {
    this.#store = store
    this.#group = `phone-pre-key/${number}`
    const [existing] = store.entries<StoredKeys>(`phone-keys/${number}`)
    const stored = existing?.[1] ?? generateKeys()
    if (!existing) store.put(`phone-keys/${number}`, 'all', stored)
    this.identity = signingKeyFromSeed(Buffer.from(stored.identitySeed, 'base64'))
    this.registrationId = stored.registrationId
    this.signedPreKey = { id: stored.signedPreKey.id, pair: decodeKeyPair(stored.signedPreKey) }
    this.#signature = Buffer.from(stored.signedPreKey.signature, 'base64')
    for (const [id, pair] of store.entries<StoredKeyPair>(this.#group)) {
      this.#preKeys.set(Number(id), decodeKeyPair(pair))
      this.#nextPreKeyId = Math.max(this.#nextPreKeyId, Number(id) + 1)
    }
  }

  preKey(id: number): KeyPair | undefined {
    return this.#preKeys.get(id)
  }

  /** Forgets a one-time pre-key that a session has used. */
  usePreKey(id: number): void {
    this.#preKeys.delete(id)
    this.#store.delete(this.#group, String(id))
  }

  bundle(): PreKeyBundle {
    const id = this.#nextPreKeyId++
    const pair = generateKeyPair()
    this.#preKeys.set(id, pair)
    this.#store.put(this.#group, String(id), encodeKeyPair(pair))
    const [oldest] = this.#preKeys.keys()
    if (this.#preKeys.size > MAX_PRE_KEYS && oldest !== undefined) this.usePreKey(oldest)
    return {
      registrationId: this.registrationId,
      identityKey: this.identity.publicKey,
      signedPreKey: {
        id: this.signedPreKey.id,
        publicKey: this.signedPreKey.pair.publicKey,
        signature: this.#signature,
      },
      preKey: { id, publicKey: pair.publicKey },
    }
  }
}

function generateKeys(): StoredKeys {
  const identity = generateSigningKey()
  const signedPreKey = generateKeyPair()
  return {
    identitySeed: identity.seed.toString('base64'),
    registrationId: randomInt(1, 16380),
    signedPreKey: {
      id: 1,
      ...encodeKeyPair(signedPreKey),
      signature: identity.sign(prefixed(signedPreKey.publicKey)).toString('base64'),
    },
  }
}
