import { randomBytes } from 'node:crypto'
import { accountJid, devicesOf } from '#simulator/accounts/account.ts'
import type { Account, Device, DeviceRef } from '#simulator/accounts/account.ts'
import { takeBundle } from '#simulator/server/take-bundle.ts'
import { routeMessage } from '#simulator/server/route-message.ts'
import type { World } from '#simulator/server/world.ts'
import type { Addressing } from '#simulator/wire/jid.ts'
import { makeNode } from '#simulator/wire/node.ts'
import type { BinaryNode } from '#simulator/wire/node.ts'
import { greetingMessages } from './greeting.ts'
import { encodeDeviceSent, encodeText, padMessage } from './message-content.ts'
import type { PhoneKeys } from './phone-keys.ts'
import type { PhoneSenderKeys } from './phone-sender-keys.ts'
import type { PhoneSessions } from './phone-sessions.ts'
import type { SentLog, SentMessage } from './sent-log.ts'

/** What a phone needs to encrypt and send. */
export interface Mailbox {
  world: World
  account: Account
  keys: PhoneKeys
  sessions: PhoneSessions
  senderKeys: PhoneSenderKeys
  sent: SentLog
}

/** Upper-case hex, as phones make them. */
export function newMessageId(): string {
  return `3A${randomBytes(9).toString('hex').toUpperCase()}`
}

/** Sends a text to every device of the recipient and to the own linked devices. */
export function mailText(
  mailbox: Mailbox,
  text: { id: string; recipient: Account; addressing: Addressing; body: string },
): void {
  const { id, recipient, addressing } = text
  const chat = accountJid(recipient, 'pn')
  const to = accountJid(recipient, addressing)
  const content = encodeText(text.body)
  const status = { id, chat, deliveredTo: [], retries: 0 }
  mailbox.sent.add({ status, to, content: content.toString('base64'), category: 'chat' })
  const others = recipient === mailbox.account ? [] : devicesOf(recipient)
  const own = devicesOf(mailbox.account).filter(({ deviceId }) => deviceId !== 0)
  const participants = [
    ...others.map((device) => encryptFor(mailbox, device, addressing, content)),
    ...own.map((device) => encryptFor(mailbox, device, addressing, encodeDeviceSent(content, to))),
  ]
  post(mailbox, makeNode('message', { id, to, type: 'text' }, [makeNode('participants', {}, participants)]))
}

/** Greets a new linked device with what it needs to call itself ready. */
export function mailGreeting(mailbox: Mailbox, device: Device): void {
  const { account, world, keys } = mailbox
  const to = accountJid(account, 'pn', device.id)
  for (const content of greetingMessages(account, keys.identity.seed, world.nowMs())) {
    const id = newMessageId()
    const status = { id, chat: accountJid(account, 'pn'), deliveredTo: [], retries: 0 }
    const message = { status, to, content: Buffer.from(content).toString('base64'), category: 'peer' as const }
    mailbox.sent.add(message)
    mailDirect(mailbox, message, { account, deviceId: device.id })
  }
}

/** Encrypts a message that was sent before for one device that could not read it. */
export function mailAgain(mailbox: Mailbox, message: SentMessage, device: DeviceRef, count: number): void {
  mailDirect(mailbox, message, device, count)
}

function mailDirect(mailbox: Mailbox, message: SentMessage, device: DeviceRef, count?: number): void {
  const { to, category, status } = message
  const addressing = to.endsWith('@lid') ? 'lid' : 'pn'
  const isOwnCopy = device.account === mailbox.account && category === 'chat'
  const content = Buffer.from(message.content, 'base64')
  const plaintext = isOwnCopy ? encodeDeviceSent(content, to) : content
  const { type, ciphertext } = encrypt(mailbox, device, plaintext)
  const attrs = {
    id: status.id,
    to: accountJid(device.account, addressing, device.deviceId),
    type: 'text',
    category: category === 'peer' ? 'peer' : undefined,
    recipient: isOwnCopy ? to : undefined,
  }
  const enc = makeNode('enc', { v: '2', type, count: count?.toString() }, ciphertext)
  post(mailbox, makeNode('message', attrs, [enc]))
}

export function encryptFor(
  mailbox: Mailbox,
  device: DeviceRef,
  addressing: Addressing,
  content: Uint8Array,
): BinaryNode {
  const { type, ciphertext } = encrypt(mailbox, device, content)
  const jid = accountJid(device.account, addressing, device.deviceId)
  return makeNode('to', { jid }, [makeNode('enc', { v: '2', type }, ciphertext)])
}

/** Begins a session with the device if there is none. */
export function encrypt({ world, sessions }: Mailbox, device: DeviceRef, content: Uint8Array) {
  if (!sessions.has(device)) {
    const bundle = takeBundle(world, device)
    if (!bundle) throw new Error(`+${device.account.number} has no device ${device.deviceId}.`)
    sessions.begin(device, bundle)
  }
  return sessions.encrypt(device, padMessage(content))
}

/** Hands a stanza to the server, and notes its ack. */
export function post({ world, account, sent }: Mailbox, message: BinaryNode): void {
  routeMessage(world, { account, deviceId: 0 }, message, ({ attrs }) => {
    const id = attrs['id'] ?? ''
    if (attrs['error'] === undefined) sent.update(id, (status) => (status.serverAckMs ??= world.nowMs()))
  })
  world.outgoing.schedule()
}
