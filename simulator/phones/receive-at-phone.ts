import type { ShownMessage } from '#simulator/api.ts'
import { accountJid } from '#simulator/accounts/account.ts'
import type { DeviceRef } from '#simulator/accounts/account.ts'
import { idsOf, routeReceipt } from '#simulator/server/route-receipt.ts'
import { isGroupJid } from '#simulator/wire/jid.ts'
import { makeNode } from '#simulator/wire/node.ts'
import type { BinaryNode } from '#simulator/wire/node.ts'
import type { MessageKey } from './chat-log.ts'
import { bodyOf, isVisible } from './message-content.ts'
import { openEnvelope } from './open-envelope.ts'
import { askForRetry, serveRetry } from './retries.ts'
import type { VirtualPhone } from './virtual-phone.ts'

/** A stanza reaches a phone. */
export function receiveAtPhone(phone: VirtualPhone, stanza: BinaryNode): void {
  const sender = phone.world.accounts.resolveDevice(stanza.attrs['participant'] ?? stanza.attrs['from'])
  if (!sender) return
  if (stanza.tag === 'message') receiveMessage(phone, sender, stanza)
  else if (stanza.tag === 'receipt' && stanza.attrs['type'] === 'retry') serveRetry(phone, sender, stanza)
  else if (stanza.tag === 'receipt') noteReceipt(phone, sender, stanza)
}

function receiveMessage(phone: VirtualPhone, sender: DeviceRef, stanza: BinaryNode): void {
  phone.tally.rawStanzas += 1
  const key = keyOf(phone, sender, stanza)
  const known = phone.chats.find(key)
  if (known) phone.chats.update(known, { rawStanzas: known.rawStanzas + 1 })
  const opened = openEnvelope(phone.world, phone.sessions, sender, stanza)
  if (opened.outcome === 'unreadable') {
    phone.tally.undecryptable += 1
    phone.world.log(`${phone.phoneNumber}: message ${key.id} is unreadable: ${opened.reason}`)
    askForRetry(phone, stanza)
    return
  }
  if (opened.outcome === 'duplicate') phone.tally.duplicates += 1
  if (phone.behaviour.deliveredReceipts) confirm(phone, sender, stanza)
  if (opened.outcome === 'duplicate' || known || stanza.attrs['category'] === 'peer') return
  if (!isVisible(opened.message)) return
  const message = {
    ...key,
    senderDevice: sender.deviceId,
    fromMe: sender.account === phone.account,
    body: bodyOf(opened.message),
    timestampMs: phone.world.nowMs(),
    rawStanzas: 1,
    read: sender.account === phone.account,
  }
  phone.chats.show(message)
  if (!message.fromMe) react(phone, message)
}

function keyOf(phone: VirtualPhone, sender: DeviceRef, { attrs }: BinaryNode): MessageKey {
  const senderJid = accountJid(sender.account, 'pn')
  const chat = attrs['recipient'] === undefined ? undefined : phone.world.accounts.resolve(attrs['recipient'])
  return {
    chat: chat ? accountJid(chat, 'pn') : (attrs['recipient'] ?? senderJid),
    sender: senderJid,
    id: attrs['id'] ?? '',
  }
}

/** The delivered receipt. What the own linked devices sent needs none. */
function confirm(phone: VirtualPhone, sender: DeviceRef, { attrs }: BinaryNode): void {
  if (sender.account === phone.account) return
  const self = { account: phone.account, deviceId: 0 }
  routeReceipt(phone.world, self, makeNode('receipt', { id: attrs['id'], to: attrs['from'] }))
}

function react(phone: VirtualPhone, message: ShownMessage): void {
  const { readReceipts, autoReply } = phone.behaviour
  const reply = typeof autoReply === 'function' ? autoReply({ ...message }) : autoReply
  const complain = (error: unknown): void => phone.world.log(`${phone.phoneNumber}: ${String(error)}`)
  if (readReceipts) phone.markRead(message.chat).catch(complain)
  // In a turn of its own, so that the message's ack and receipt are out before.
  if (reply !== undefined) setImmediate(() => void phone.sendText(message.chat, reply).catch(complain))
}

function noteReceipt(phone: VirtualPhone, from: DeviceRef, receipt: BinaryNode): void {
  const nowMs = phone.world.nowMs()
  const device = accountJid(from.account, 'pn', from.deviceId)
  const isRead = receipt.attrs['type'] === 'read'
  const origin = receipt.attrs['from']
  const chat = isGroupJid(origin) ? origin : accountJid(from.account, 'pn')
  for (const id of idsOf(receipt)) {
    phone.sent.update(id, (status) => {
      if (status.chat !== chat) return
      status.deliveredMs ??= nowMs
      if (isRead) status.readMs ??= nowMs
      if (!status.deliveredTo.includes(device)) status.deliveredTo.push(device)
    })
  }
}
