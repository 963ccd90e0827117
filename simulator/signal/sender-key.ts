import { randomBytes, randomInt } from 'node:crypto'
import { generateSigningKey, signingKeyFromSeed } from '#simulator/crypto/signing-key.ts'
import { encryptCbc, hkdf } from '#simulator/crypto/symmetric.ts'
import { encodeProtobuf } from './protobuf.ts'
import { stepChain } from './ratchet.ts'
import { VERSION_BYTE, prefixed } from './whisper-message.ts'

/**
 * The key with which one device writes to one group, as plain JSON (keys are base64): a chain that moves on with each
 * message, and a signature, because every member can encrypt with the chain. The writing side only.
 */
export interface SenderKey {
  id: number
  chainKey: string
  /** Index of the next message. */
  next: number
  signingSeed: string
}

const NO_SALT = Buffer.alloc(32)

export function newSenderKey(): SenderKey {
  return {
    id: randomInt(1, 2 ** 31),
    chainKey: randomBytes(32).toString('base64'),
    next: 0,
    signingSeed: generateSigningKey().seed.toString('base64'),
  }
}

/** The encoded SenderKeyDistributionMessage: who knows it can read the next message and all after it, none before. */
export function distributionOf({ id, next, chainKey, signingSeed }: SenderKey): Buffer {
  const body = encodeProtobuf([
    [1, id],
    [2, next],
    [3, Buffer.from(chainKey, 'base64')],
    [4, prefixed(signingKeyOf(signingSeed).publicKey)],
  ])
  return Buffer.concat([Buffer.from([VERSION_BYTE]), body])
}

/** @returns the encoded SenderKeyMessage with its signature, and the key for the next one */
export function encryptWithSenderKey(key: SenderKey, plaintext: Uint8Array): { ciphertext: Buffer; key: SenderKey } {
  const { messageKey, nextKey } = stepChain(key.chainKey)
  const expanded = hkdf(messageKey, 48, NO_SALT, 'WhisperGroup')
  const body = encodeProtobuf([
    [1, key.id],
    [2, key.next],
    [3, encryptCbc(expanded.subarray(16), expanded.subarray(0, 16), plaintext)],
  ])
  const covered = Buffer.concat([Buffer.from([VERSION_BYTE]), body])
  const signature = signingKeyOf(key.signingSeed).sign(covered)
  return {
    ciphertext: Buffer.concat([covered, signature]),
    key: { ...key, chainKey: nextKey, next: key.next + 1 },
  }
}

function signingKeyOf(seed: string) {
  return signingKeyFromSeed(Buffer.from(seed, 'base64'))
}
