import type { KeyPair } from '#simulator/crypto/key-pair.ts'
import { DuplicateCiphertextError, ratchetDecrypt, ratchetEncrypt } from './ratchet.ts'
import { acceptSession, beginSession } from './session.ts'
import type { PreKeyBundle, SessionState } from './session.ts'
import { decodePreKeyWhisperMessage, encodePreKeyWhisperMessage } from './whisper-message.ts'

/** All sessions with one device, the one to send with first. Functions return a new record and leave the old one alone. */
export interface SessionRecord {
  sessions: SessionState[]
}

/** This side's keys, as a session needs them. */
export interface LocalKeys {
  identity: KeyPair
  registrationId: number
  signedPreKey: { id: number; pair: KeyPair }
  preKey(id: number): KeyPair | undefined
}

export type CiphertextType = 'pkmsg' | 'msg'

/** Old sessions are kept for messages that were under way when a new one began. */
const MAX_SESSIONS = 10

export function withNewSession(
  record: SessionRecord | undefined,
  identity: KeyPair,
  bundle: PreKeyBundle,
): SessionRecord {
  return asFirst(record, beginSession(identity, bundle))
}

/** @throws Error when the record holds no session */
export function encryptWith(
  record: SessionRecord,
  keys: LocalKeys,
  plaintext: Uint8Array,
): { type: CiphertextType; ciphertext: Buffer; record: SessionRecord } {
  const current = record.sessions[0]
  if (!current) throw new Error('There is no session with this device.')
  const state = structuredClone(current)
  const message = ratchetEncrypt(state, keys.identity.publicKey, plaintext)
  const advanced = { sessions: [state, ...record.sessions.slice(1)] }
  if (!state.pending) return { type: 'msg', ciphertext: message, record: advanced }
  const ciphertext = encodePreKeyWhisperMessage({
    registrationId: keys.registrationId,
    preKeyId: state.pending.preKeyId,
    signedPreKeyId: state.pending.signedPreKeyId,
    baseKey: Buffer.from(state.baseKey, 'base64'),
    identityKey: keys.identity.publicKey,
    message,
  })
  return { type: 'pkmsg', ciphertext, record: advanced }
}

export interface Decrypted {
  plaintext: Buffer
  record: SessionRecord
  /** The one-time pre-key that the message used up. */
  usedPreKeyId: number | undefined
  /** The identity key that the sender showed; only in a pkmsg. */
  identityKey: Buffer | undefined
}

/** @throws DuplicateCiphertextError for one that was read before; Error for one that cannot be read */
export function decryptWith(
  record: SessionRecord | undefined,
  keys: LocalKeys,
  type: CiphertextType,
  ciphertext: Buffer,
): Decrypted {
  return type === 'pkmsg' ? decryptPreKeyMessage(record, keys, ciphertext) : decryptMessage(record, keys, ciphertext)
}

function decryptPreKeyMessage(record: SessionRecord | undefined, keys: LocalKeys, ciphertext: Buffer): Decrypted {
  const message = decodePreKeyWhisperMessage(ciphertext)
  const baseKey = message.baseKey.toString('base64')
  const known = record?.sessions.find((session) => session.baseKey === baseKey)
  const session = known ?? acceptSession(keysFor(keys, message.signedPreKeyId, message.preKeyId), message)
  const { plaintext, state } = ratchetDecrypt(session, keys.identity.publicKey, message.message)
  return {
    plaintext,
    record: asFirst(record, state),
    usedPreKeyId: known ? undefined : message.preKeyId,
    identityKey: message.identityKey,
  }
}

function decryptMessage(record: SessionRecord | undefined, keys: LocalKeys, ciphertext: Buffer): Decrypted {
  if (!record || record.sessions.length === 0) throw new Error('There is no session with this device.')
  let failure: unknown
  for (const session of record.sessions) {
    try {
      const { plaintext, state } = ratchetDecrypt(session, keys.identity.publicKey, ciphertext)
      return { plaintext, record: asFirst(record, state), usedPreKeyId: undefined, identityKey: undefined }
    } catch (error) {
      if (error instanceof DuplicateCiphertextError) throw error
      failure ??= error
    }
  }
  throw failure
}

function keysFor(keys: LocalKeys, signedPreKeyId: number, preKeyId: number | undefined) {
  if (keys.signedPreKey.id !== signedPreKeyId) throw new Error(`There is no signed pre-key ${signedPreKeyId}.`)
  const preKey = preKeyId === undefined ? undefined : keys.preKey(preKeyId)
  if (preKeyId !== undefined && !preKey) throw new Error(`There is no pre-key ${preKeyId}.`)
  return { identity: keys.identity, signedPreKey: keys.signedPreKey.pair, preKey }
}

function asFirst(record: SessionRecord | undefined, state: SessionState): SessionRecord {
  const others = (record?.sessions ?? []).filter((session) => session.baseKey !== state.baseKey)
  return { sessions: [state, ...others].slice(0, MAX_SESSIONS) }
}
