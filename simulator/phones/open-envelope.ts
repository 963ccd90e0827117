import { proto } from '@whiskeysockets/baileys/WAProto/index.js'
import type { Device, DeviceRef } from '#simulator/accounts/account.ts'
import { verifySignature } from '#simulator/crypto/verify-signature.ts'
import { DuplicateCiphertextError } from '#simulator/signal/ratchet.ts'
import type { CiphertextType } from '#simulator/signal/session-record.ts'
import type { World } from '#simulator/server/world.ts'
import { bytesOf, childOf, childrenOf } from '#simulator/wire/node.ts'
import type { BinaryNode } from '#simulator/wire/node.ts'
import { ACCOUNT_SIGNATURE_PREFIX } from './link-companion.ts'
import { readMessage } from './message-content.ts'
import type { PhoneSessions } from './phone-sessions.ts'

export type Opened =
  | { outcome: 'read'; message: proto.IMessage }
  /** Its ciphertext was read before. */
  | { outcome: 'duplicate' }
  | { outcome: 'unreadable'; reason: string }

/** Decrypts a message stanza and proves who wrote it: the sender's device by its identity key, which its phone vouches for. */
export function openEnvelope(world: World, sessions: PhoneSessions, sender: DeviceRef, stanza: BinaryNode): Opened {
  const [enc] = childrenOf(stanza, 'enc')
  const ciphertext = bytesOf(enc)
  const type = enc?.attrs['type']
  if (!ciphertext || !isCiphertextType(type)) return { outcome: 'unreadable', reason: 'there is nothing to decrypt' }
  const identityKey = identityKeyOf(world, sender)
  const vouched = bytesOf(childOf(stanza, 'device-identity'))
  if (vouched && !isVouchedFor(world, sender, identityKey, vouched)) {
    return { outcome: 'unreadable', reason: 'the device identity is not signed by the account' }
  }
  try {
    return { outcome: 'read', message: readMessage(sessions.decrypt(sender, type, ciphertext, identityKey)) }
  } catch (error) {
    if (error instanceof DuplicateCiphertextError) return { outcome: 'duplicate' }
    return { outcome: 'unreadable', reason: error instanceof Error ? error.message : String(error) }
  }
}

function isCiphertextType(type: string | undefined): type is CiphertextType {
  return type === 'pkmsg' || type === 'msg'
}

function identityKeyOf(world: World, { account, deviceId }: DeviceRef): Buffer | undefined {
  if (deviceId === 0) return world.phones.get(account.number)?.identityKey
  const device = account.devices.get(deviceId)
  return device && Buffer.from(device.identityKey, 'base64')
}

/** Identities that were found good, per device: each pkmsg repeats the same one, and a verification costs 0.2 ms. */
const knownGood = new WeakMap<Device, string>()

function isVouchedFor(world: World, sender: DeviceRef, identityKey: Buffer | undefined, encoded: Buffer): boolean {
  const device = sender.account.devices.get(sender.deviceId)
  const text = encoded.toString('base64')
  if (device && knownGood.get(device) === text) return true
  const accountKey = world.phones.get(sender.account.number)?.identityKey
  const { details, accountSignature } = proto.ADVSignedDeviceIdentity.decode(encoded)
  if (!accountKey || !identityKey || !details || !accountSignature) return false
  const message = Buffer.concat([ACCOUNT_SIGNATURE_PREFIX, details, identityKey])
  const isGood = verifySignature(accountKey, message, accountSignature)
  if (isGood && device) knownGood.set(device, text)
  return isGood
}
