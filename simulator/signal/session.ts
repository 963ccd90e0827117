import { agree, generateKeyPair } from '#simulator/crypto/key-pair.ts'
import type { KeyPair } from '#simulator/crypto/key-pair.ts'
import { hkdf } from '#simulator/crypto/symmetric.ts'
import type { PreKeyWhisperMessage } from './whisper-message.ts'

/**
 * One Signal session (X3DH, then the double ratchet) as plain JSON: every key is base64, so that the state can be stored
 * as it is and cloned cheaply. `./ratchet.ts` encrypts and decrypts with it.
 */
export interface SessionState {
  /** The initiator's base key: what tells sessions with one device apart. */
  baseKey: string
  remoteIdentity: string
  remoteRegistrationId: number
  rootKey: string
  ratchet: { privateKey: string; publicKey: string }
  remoteRatchetKey: string
  sendingChain: SendingChain | undefined
  /** Index of the last message of our sending chain before this one. */
  previousCounter: number
  receivingChains: ReceivingChain[]
  /** Present until the other side has answered: each message then carries what it needs to begin the session. */
  pending: { preKeyId: number | undefined; signedPreKeyId: number } | undefined
}

export interface SendingChain {
  key: string
  /** Index of the next message. */
  next: number
}

export interface ReceivingChain {
  ratchetKey: string
  /** Absent once the other side has begun a new chain. */
  key: string | undefined
  next: number
  /** Keys of messages that were overtaken, by index. */
  skipped: Record<string, string>
}

/** What a device publishes so that others can begin a session with it. */
export interface PreKeyBundle {
  registrationId: number
  identityKey: Buffer
  signedPreKey: { id: number; publicKey: Buffer; signature: Buffer }
  preKey: { id: number; publicKey: Buffer } | undefined
}

const FIRST_SECRET = Buffer.alloc(32, 0xff)
const NO_SALT = Buffer.alloc(32)

/** X3DH as initiator. The bundle's signature has to be verified before. */
export function beginSession(identity: KeyPair, bundle: PreKeyBundle): SessionState {
  const base = generateKeyPair()
  const ratchet = generateKeyPair()
  const rootKey = masterRootKey([
    agree(identity, bundle.signedPreKey.publicKey),
    agree(base, bundle.identityKey),
    agree(base, bundle.signedPreKey.publicKey),
    ...(bundle.preKey ? [agree(base, bundle.preKey.publicKey)] : []),
  ])
  const sending = stepRootKey(rootKey, agree(ratchet, bundle.signedPreKey.publicKey))
  return {
    baseKey: base.publicKey.toString('base64'),
    remoteIdentity: bundle.identityKey.toString('base64'),
    remoteRegistrationId: bundle.registrationId,
    rootKey: sending.rootKey,
    ratchet: encodeKeyPair(ratchet),
    remoteRatchetKey: bundle.signedPreKey.publicKey.toString('base64'),
    sendingChain: { key: sending.chainKey, next: 0 },
    previousCounter: 0,
    receivingChains: [],
    pending: { preKeyId: bundle.preKey?.id, signedPreKeyId: bundle.signedPreKey.id },
  }
}

/** X3DH as the side whose bundle was used. */
export function acceptSession(
  ours: { identity: KeyPair; signedPreKey: KeyPair; preKey: KeyPair | undefined },
  message: PreKeyWhisperMessage,
): SessionState {
  const rootKey = masterRootKey([
    agree(ours.signedPreKey, message.identityKey),
    agree(ours.identity, message.baseKey),
    agree(ours.signedPreKey, message.baseKey),
    ...(ours.preKey ? [agree(ours.preKey, message.baseKey)] : []),
  ])
  return {
    baseKey: message.baseKey.toString('base64'),
    remoteIdentity: message.identityKey.toString('base64'),
    remoteRegistrationId: message.registrationId,
    rootKey: rootKey.toString('base64'),
    ratchet: encodeKeyPair(ours.signedPreKey),
    remoteRatchetKey: message.baseKey.toString('base64'),
    sendingChain: undefined,
    previousCounter: 0,
    receivingChains: [],
    pending: undefined,
  }
}

/** The root key's step that each new pair of ratchet keys causes. */
export function stepRootKey(rootKey: Buffer, sharedSecret: Buffer): { rootKey: string; chainKey: string } {
  const expanded = hkdf(sharedSecret, 64, rootKey, 'WhisperRatchet')
  return {
    rootKey: expanded.toString('base64', 0, 32),
    chainKey: expanded.toString('base64', 32, 64),
  }
}

export function encodeKeyPair(pair: KeyPair): { privateKey: string; publicKey: string } {
  return { privateKey: pair.privateKey.toString('base64'), publicKey: pair.publicKey.toString('base64') }
}

export function decodeKeyPair(pair: { privateKey: string; publicKey: string }): KeyPair {
  return { privateKey: Buffer.from(pair.privateKey, 'base64'), publicKey: Buffer.from(pair.publicKey, 'base64') }
}

function masterRootKey(agreements: Buffer[]): Buffer {
  return hkdf(Buffer.concat([FIRST_SECRET, ...agreements]), 64, NO_SALT, 'WhisperText').subarray(0, 32)
}
