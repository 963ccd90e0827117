import { proto } from '@whiskeysockets/baileys'
import { describe, expect, it } from 'vitest'
import { changesWhatFollows } from './changes-what-follows.ts'

const padded = (message: Uint8Array, padding = 3) => Buffer.concat([message, Buffer.alloc(padding, padding)])
const plaintextOf = (message: proto.IMessage) => padded(proto.Message.encode(message).finish())

const secret = { messageContextInfo: { messageSecret: Buffer.alloc(32, 1) } }
const group = { groupId: '1@g.us', axolotlSenderKeyDistributionMessage: Buffer.alloc(40, 2) }

describe('a plaintext', () => {
  it.each<[string, proto.IMessage]>([
    ['a text', { conversation: 'hello', ...secret }],
    ['a long text', { extendedTextMessage: { text: 'x'.repeat(5_000) }, ...secret }],
    ['a picture', { imageMessage: { jpegThumbnail: Buffer.alloc(300, 18), height: 1 }, ...secret }],
    ['a text that looks like machinery', { conversation: '\u0012\u0062\u0001', ...secret }],
  ])('with %s changes nothing', (_name, message) => {
    expect(changesWhatFollows(plaintextOf(message))).toBe(false)
  })

  it.each<[string, proto.IMessage]>([
    ['a sender key beside a text', { conversation: 'hello', senderKeyDistributionMessage: group, ...secret }],
    ['keys', { protocolMessage: { type: proto.Message.ProtocolMessage.Type.APP_STATE_SYNC_KEY_SHARE } }],
    ['what an own device wrote', { deviceSentMessage: { destinationJid: '1@g.us', message: { conversation: 'x' } } }],
  ])('with %s does', (_name, message) => {
    expect(changesWhatFollows(plaintextOf(message))).toBe(true)
  })

  it('that is no protocol buffer, or is cut, does: nobody knows what Baileys makes of it', () => {
    expect(changesWhatFollows(padded(Buffer.of(0x0f, 1)))).toBe(true)
    expect(changesWhatFollows(padded(Buffer.of(0x0a, 200, 1)))).toBe(true)
    expect(changesWhatFollows(padded(Buffer.of(0x0a)))).toBe(true)
    expect(changesWhatFollows(Buffer.of(0x0a, 1, 65, 250))).toBe(true)
    expect(changesWhatFollows(padded(Buffer.alloc(40, 0xff)))).toBe(true)
  })

  it('that shows nothing does not', () => {
    expect(changesWhatFollows(Buffer.of(1))).toBe(false)
    expect(changesWhatFollows(plaintextOf({}))).toBe(false)
  })
})
