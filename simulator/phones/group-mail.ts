import { accountJid, devicesOf } from '#simulator/accounts/account.ts'
import type { Account, DeviceRef } from '#simulator/accounts/account.ts'
import { makeNode } from '#simulator/wire/node.ts'
import type { BinaryNode } from '#simulator/wire/node.ts'
import { encodeKeyDistribution, encodeText, padMessage } from './message-content.ts'
import { encrypt, encryptFor, post } from './phone-mail.ts'
import type { Mailbox } from './phone-mail.ts'
import type { SentMessage } from './sent-log.ts'

/** Sends a text to the linked devices of a group's members and to the own ones. */
export function mailToGroup(
  mailbox: Mailbox,
  { id, group, members, body }: { id: string; group: string; members: readonly Account[]; body: string },
): void {
  const content = encodeText(body)
  const status = { id, chat: group, deliveredTo: [], retries: 0 }
  mailbox.sent.add({ status, to: group, content: content.toString('base64'), category: 'chat' })
  const devices = [...new Set([mailbox.account, ...members])].flatMap(devicesOf)
  const participants = devices
    .filter(({ deviceId }) => deviceId !== 0)
    .map((device) => participantOf(mailbox, group, device))
  const enc = makeNode('enc', { v: '2', type: 'skmsg' }, mailbox.senderKeys.encrypt(group, padMessage(content)))
  post(mailbox, makeNode('message', { id, to: group, type: 'text' }, [makeNode('participants', {}, participants), enc]))
}

/** A device of a member, with the key of the group if it does not have it. */
function participantOf(mailbox: Mailbox, group: string, device: DeviceRef): BinaryNode {
  const { senderKeys } = mailbox
  if (senderKeys.isTold(group, device)) {
    return makeNode('to', { jid: accountJid(device.account, 'lid', device.deviceId) })
  }
  senderKeys.noteTold(group, device)
  return encryptFor(mailbox, device, 'lid', encodeKeyDistribution(group, senderKeys.distribution(group)))
}

/**
 * Encrypts a message to a group again for one device that could not read it: in its session with this device, as real
 * phones do, with the key for what comes next.
 */
export function mailToGroupAgain(mailbox: Mailbox, message: SentMessage, device: DeviceRef, count: number): void {
  const { to: group, status, content } = message
  const key = mailbox.senderKeys.distribution(group)
  const plaintext = encodeKeyDistribution(group, key, Buffer.from(content, 'base64'))
  const { type, ciphertext } = encrypt(mailbox, device, plaintext)
  const participant = accountJid(device.account, 'lid', device.deviceId)
  const enc = makeNode('enc', { v: '2', type, count: count.toString() }, ciphertext)
  post(mailbox, makeNode('message', { id: status.id, to: group, participant, type: 'text' }, [enc]))
}
