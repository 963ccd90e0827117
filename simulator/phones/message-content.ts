import { randomInt } from 'node:crypto'
import { proto } from '@whiskeysockets/baileys/WAProto/index.js'

/** WhatsApp pads each plaintext with 1 to 16 bytes that all say how many they are. */
export function padMessage(message: Uint8Array): Buffer {
  const length = randomInt(1, 17)
  return Buffer.concat([message, Buffer.alloc(length, length)])
}

/** @throws on padding that nobody made */
export function unpadMessage(padded: Buffer): Buffer {
  const length = padded.at(-1) ?? 0
  if (length === 0 || length > padded.length) throw new Error('The padding is wrong.')
  return padded.subarray(0, padded.length - length)
}

export function encodeText(body: string): Buffer {
  return Buffer.from(proto.Message.encode({ conversation: body }).finish())
}

/** What a phone's own linked devices get of a message that the phone sent to someone else. */
export function encodeDeviceSent(content: Uint8Array, destinationJid: string): Uint8Array {
  const message = proto.Message.decode(content)
  return proto.Message.encode({ deviceSentMessage: { destinationJid, message } }).finish()
}

/** What tells a device a phone's key of a group; beside `content`, for a device that could not read that. */
export function encodeKeyDistribution(
  groupId: string,
  distribution: Uint8Array,
  content = new Uint8Array(),
): Uint8Array {
  const message = proto.Message.decode(content)
  message.senderKeyDistributionMessage = { groupId, axolotlSenderKeyDistributionMessage: distribution }
  return proto.Message.encode(message).finish()
}

/** A message as it is meant for people: what other devices of the sender wrapped is unwrapped. */
export function readMessage(plaintext: Buffer): proto.IMessage {
  const message = proto.Message.decode(unpadMessage(plaintext))
  return message.deviceSentMessage?.message ?? message
}

/** Whether people see it. Protocol messages are between programs. */
export function isVisible(message: proto.IMessage): boolean {
  return !message.protocolMessage && !message.senderKeyDistributionMessage
}

export function bodyOf(message: proto.IMessage): string {
  const inner = message.ephemeralMessage?.message ?? message
  return (
    inner.conversation ??
    inner.extendedTextMessage?.text ??
    inner.imageMessage?.caption ??
    inner.videoMessage?.caption ??
    inner.documentMessage?.caption ??
    ''
  )
}
