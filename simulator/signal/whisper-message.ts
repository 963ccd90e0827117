import { decodeProtobuf, encodeProtobuf } from './protobuf.ts'
import type { ProtobufFields } from './protobuf.ts'

/** Version 3 in both halves: the version of the message and the newest one that the sender knows. */
export const VERSION_BYTE = 0x33
const MAC_LENGTH = 8
const KEY_PREFIX = Buffer.from([5])

/** A ratcheted message. Public keys are 32 bytes here and 33 on the wire. */
export interface WhisperMessage {
  ratchetKey: Buffer
  counter: number
  previousCounter: number
  ciphertext: Buffer
}

/** The first messages of a session: a WhisperMessage with what the recipient needs to begin the session. */
export interface PreKeyWhisperMessage {
  registrationId: number
  preKeyId: number | undefined
  signedPreKeyId: number
  baseKey: Buffer
  identityKey: Buffer
  /** The encoded WhisperMessage with its MAC. */
  message: Buffer
}

export function prefixed(publicKey: Uint8Array): Buffer {
  return Buffer.concat([KEY_PREFIX, publicKey])
}

/** @returns version byte and protobuf: what the MAC covers, besides the identities */
export function encodeWhisperMessage(message: WhisperMessage): Buffer {
  const body = encodeProtobuf([
    [1, prefixed(message.ratchetKey)],
    [2, message.counter],
    [3, message.previousCounter],
    [4, message.ciphertext],
  ])
  return Buffer.concat([Buffer.from([VERSION_BYTE]), body])
}

/** @throws on another version or missing fields */
export function decodeWhisperMessage(bytes: Buffer): { message: WhisperMessage; covered: Buffer; mac: Buffer } {
  assertVersion(bytes)
  const covered = bytes.subarray(0, bytes.length - MAC_LENGTH)
  const fields = decodeProtobuf(covered.subarray(1))
  return {
    message: {
      ratchetKey: publicKeyOf(fields, 1),
      counter: numberOf(fields, 2),
      previousCounter: numberOf(fields, 3),
      ciphertext: bytesOf(fields, 4),
    },
    covered,
    mac: bytes.subarray(bytes.length - MAC_LENGTH),
  }
}

export function encodePreKeyWhisperMessage(message: PreKeyWhisperMessage): Buffer {
  const body = encodeProtobuf([
    [1, message.preKeyId],
    [2, prefixed(message.baseKey)],
    [3, prefixed(message.identityKey)],
    [4, message.message],
    [5, message.registrationId],
    [6, message.signedPreKeyId],
  ])
  return Buffer.concat([Buffer.from([VERSION_BYTE]), body])
}

/** @throws on another version or missing fields */
export function decodePreKeyWhisperMessage(bytes: Buffer): PreKeyWhisperMessage {
  assertVersion(bytes)
  const fields = decodeProtobuf(bytes.subarray(1))
  return {
    preKeyId: fields.has(1) ? numberOf(fields, 1) : undefined,
    baseKey: publicKeyOf(fields, 2),
    identityKey: publicKeyOf(fields, 3),
    message: bytesOf(fields, 4),
    registrationId: numberOf(fields, 5),
    signedPreKeyId: numberOf(fields, 6),
  }
}

function assertVersion(bytes: Buffer): void {
  if (bytes.length < 1 + MAC_LENGTH || bytes[0] !== VERSION_BYTE) throw new Error('This is no Signal message.')
}

function publicKeyOf(fields: ProtobufFields, field: number): Buffer {
  const key = bytesOf(fields, field)
  if (key.length !== 33 || key[0] !== 5) throw new Error('A public key is not 5 and 32 bytes.')
  return key.subarray(1)
}

function bytesOf(fields: ProtobufFields, field: number): Buffer {
  const value = fields.get(field)
  if (!Buffer.isBuffer(value)) throw new Error(`Field ${field} of a Signal message is missing.`)
  return value
}

function numberOf(fields: ProtobufFields, field: number): number {
  const value = fields.get(field)
  return typeof value === 'number' ? value : 0
}
