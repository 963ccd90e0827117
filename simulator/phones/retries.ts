import type { DeviceRef } from '#simulator/accounts/account.ts'
import { takeBundle } from '#simulator/server/take-bundle.ts'
import { isSignedPreKeyGenuine } from '#simulator/server/registration.ts'
import { routeReceipt } from '#simulator/server/route-receipt.ts'
import type { PreKeyBundle } from '#simulator/signal/session.ts'
import { isGroupJid } from '#simulator/wire/jid.ts'
import { bytesOf, childOf, makeNode, numberNode, numberOf } from '#simulator/wire/node.ts'
import type { BinaryNode } from '#simulator/wire/node.ts'
import { mailToGroupAgain } from './group-mail.ts'
import { mailAgain } from './phone-mail.ts'
import type { VirtualPhone } from './virtual-phone.ts'

/** After so many attempts neither side tries any further. */
const MAX_RETRIES = 5
const KEY_TYPE = Buffer.from([5])

/** How often each message was asked for again, by phone; forgotten with the process. */
const asked = new WeakMap<VirtualPhone, Map<string, number>>()

/**
 * The phone could not read a message: asks its sender to encrypt it again. The first request names only the registration
 * id, later ones bring the keys for a new session, as real devices do.
 */
export function askForRetry(phone: VirtualPhone, stanza: BinaryNode): void {
  const { id = '', from, t, recipient } = stanza.attrs
  let counts = asked.get(phone)
  if (!counts) asked.set(phone, (counts = new Map()))
  const count = (counts.get(id) ?? 0) + 1
  if (count > MAX_RETRIES) return
  counts.set(id, count)
  const retry = makeNode('retry', { count: String(count), id, t, v: '1' })
  const registration = numberNode('registration', phone.keys.registrationId, 4)
  const content = count > 1 ? [retry, registration, keysNode(phone)] : [retry, registration]
  const receipt = makeNode('receipt', { id, to: from, type: 'retry', recipient }, content)
  routeReceipt(phone.world, { account: phone.account, deviceId: 0 }, receipt)
}

/** A device could not read what the phone sent: encrypts it again for this device alone. */
export function serveRetry(phone: VirtualPhone, device: DeviceRef, receipt: BinaryNode): void {
  const message = phone.sent.find(receipt.attrs['id'] ?? '')
  if (!message || message.status.retries >= MAX_RETRIES || !device.account.devices.has(device.deviceId)) return
  renewSession(phone, device, receipt)
  phone.tally.retriesServed += 1
  phone.sent.update(message.status.id, (status) => (status.retries += 1))
  const count = Number(childOf(receipt, 'retry')?.attrs['count'] ?? 1)
  const mail = isGroupJid(message.to) ? mailToGroupAgain : mailAgain
  mail(phone, message, device, count)
}

function renewSession(phone: VirtualPhone, device: DeviceRef, receipt: BinaryNode): void {
  const offered = bundleOf(receipt)
  const known = device.account.devices.get(device.deviceId)
  if (offered && known && offered.identityKey.equals(Buffer.from(known.identityKey, 'base64'))) {
    phone.sessions.begin(device, offered)
    return
  }
  const registrationId = numberOf(childOf(receipt, 'registration'))
  const isFirst = (childOf(receipt, 'retry')?.attrs['count'] ?? '1') === '1'
  if (isFirst && phone.sessions.registrationIdOf(device) === registrationId) return
  const bundle = takeBundle(phone.world, device)
  if (bundle) phone.sessions.begin(device, bundle)
}

function keysNode(phone: VirtualPhone): BinaryNode {
  const { identityKey, signedPreKey, preKey } = phone.keys.bundle()
  return makeNode('keys', {}, [
    makeNode('type', {}, KEY_TYPE),
    makeNode('identity', {}, identityKey),
    ...(preKey ? [makeNode('key', {}, [numberNode('id', preKey.id, 3), makeNode('value', {}, preKey.publicKey)])] : []),
    makeNode('skey', {}, [
      numberNode('id', signedPreKey.id, 3),
      makeNode('value', {}, signedPreKey.publicKey),
      makeNode('signature', {}, signedPreKey.signature),
    ]),
  ])
}

/** The bundle in a retry receipt, if it is whole and genuine. */
function bundleOf(receipt: BinaryNode): PreKeyBundle | undefined {
  const keys = childOf(receipt, 'keys')
  const skey = childOf(keys, 'skey')
  const key = childOf(keys, 'key')
  const registrationId = numberOf(childOf(receipt, 'registration'))
  const identityKey = bytesOf(childOf(keys, 'identity'))
  const id = numberOf(childOf(skey, 'id'))
  const publicKey = bytesOf(childOf(skey, 'value'))
  const signature = bytesOf(childOf(skey, 'signature'))
  if (registrationId === undefined || !identityKey || id === undefined || !publicKey || !signature) return undefined
  if (!isSignedPreKeyGenuine(identityKey, { publicKey, signature })) return undefined
  const preKeyId = numberOf(childOf(key, 'id'))
  const preKeyPublic = bytesOf(childOf(key, 'value'))
  const preKey = preKeyId === undefined || !preKeyPublic ? undefined : { id: preKeyId, publicKey: preKeyPublic }
  return { registrationId, identityKey, signedPreKey: { id, publicKey, signature }, preKey }
}
