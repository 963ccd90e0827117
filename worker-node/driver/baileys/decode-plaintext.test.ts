import { proto } from '@whiskeysockets/baileys'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodePlaintext, UndecodablePlaintext } from './decode-plaintext.ts'

const phone = '5511999990002@s.whatsapp.net'
const lid = '85123456789@lid'

function padded(message: proto.IMessage, padding = 7): Uint8Array {
  return Buffer.concat([proto.Message.encode(message).finish(), Buffer.alloc(padding, padding)])
}

function decode(message: proto.IMessage, stanza: Record<string, string> = { from: phone }) {
  return decodePlaintext({ stanza: { id: '3EB0AA', ...stanza }, plaintext: padded(message) })
}

const hello: proto.IMessage = { conversation: 'hello' }

describe('what a journaled plaintext shows', () => {
  it('is a text, plain or extended, with any padding', () => {
    const text = { type: 'text', text: { body: 'hello' } }
    expect(decode(hello)?.content).toEqual(text)
    expect(decode({ extendedTextMessage: { text: 'hello' } })?.content).toEqual(text)
    for (const padding of [1, 16]) {
      const plaintext = padded(hello, padding)
      expect(decodePlaintext({ stanza: { id: '1', from: phone }, plaintext })?.content).toEqual(text)
    }
  })

  it('is what disappearing and view-once messages wrap', () => {
    expect(decode({ ephemeralMessage: { message: hello } })?.content).toEqual({ type: 'text', text: { body: 'hello' } })
    expect(decode({ viewOnceMessageV2: { message: { imageMessage: { caption: 'x' } } } })?.content).toEqual({
      type: 'unsupported',
      unsupported: { kind: 'imageMessage' },
    })
  })

  it('is named by WhatsApp when we have no name for it', () => {
    const reaction = { reactionMessage: { text: '!', key: { id: '1' } }, messageContextInfo: {} }
    expect(decode(reaction)?.content).toEqual({ type: 'unsupported', unsupported: { kind: 'reactionMessage' } })
  })

  it('is nothing for keys, synchronisation, status posts and what is past its retention', () => {
    expect(decode({ senderKeyDistributionMessage: { groupId: '1@g.us' } })).toBeUndefined()
    expect(
      decode({ protocolMessage: { type: proto.Message.ProtocolMessage.Type.APP_STATE_SYNC_KEY_SHARE } }),
    ).toBeUndefined()
    expect(decode({ messageContextInfo: { messageSecret: new Uint8Array(32) } })).toBeUndefined()
    expect(decode(hello, { from: 'status@broadcast', participant: phone })).toBeUndefined()
    expect(decodePlaintext({ stanza: { id: '1', from: phone }, plaintext: new Uint8Array() })).toBeUndefined()
    expect(decodePlaintext({ stanza: { id: '1', from: phone }, plaintext: Uint8Array.of(1) })).toBeUndefined()
  })

  it('is a text also when a sender key came along', () => {
    expect(decode({ ...hello, senderKeyDistributionMessage: { groupId: '1@g.us' } })?.content?.type).toBe('text')
  })
})

describe('whose message it is', () => {
  it('names a contact by number, from the address or the stanza', () => {
    const number = '+5511999990002'
    expect(decode(hello, { from: '5511999990002:3@s.whatsapp.net' })).toMatchObject({ chat: number, sender: number })
    expect(decode(hello, { from: lid, sender_pn: phone })).toMatchObject({ chat: number, sender: number })
  })

  it('tells which number is behind an anonymous address, whichever of the two the stanza is addressed by', () => {
    const told = new Map([[lid, '+5511999990002']])
    const own = { self: 'true', from: '5511888880001@s.whatsapp.net' }
    const stanzas: Record<string, string>[] = [
      { from: '85123456789:2@lid', sender_pn: phone },
      { from: '5511999990002:2@s.whatsapp.net', sender_lid: lid },
      { from: '120363000000000000@g.us', participant: lid, participant_pn: phone },
      { from: '120363000000000000@g.us', participant: phone, participant_lid: lid },
      { ...own, recipient: lid, peer_recipient_pn: phone },
      { ...own, recipient: phone, peer_recipient_lid: lid },
      { ...own, recipient: lid, recipient_pn: phone },
    ]
    for (const stanza of stanzas) expect(decode(hello, stanza)?.numbers).toEqual(told)
    expect(decode(hello, { from: phone })?.numbers).toEqual(new Map())
    expect(decode(hello, { from: lid })?.numbers).toEqual(new Map())
  })

  it('keeps the LID, without the device, when nobody knows the number', () => {
    expect(decode(hello, { from: '85123456789:2@lid' })).toMatchObject({ chat: lid, sender: lid })
  })

  it('names the sender inside a group', () => {
    const stanza = { from: '120363000000000000@g.us', participant: lid, participant_pn: phone }
    expect(decode(hello, stanza)).toMatchObject({ chat: '120363000000000000@g.us', sender: '+5511999990002' })
  })

  it('is `self` in the chat of the recipient for what another own device sent', () => {
    const own = { from: '5511888880001@s.whatsapp.net', self: 'true' }
    const wrapped = { deviceSentMessage: { destinationJid: phone, message: hello } }
    const expected = { chat: '+5511999990002', sender: 'self', content: { text: { body: 'hello' } } }
    expect(decode(wrapped, { ...own, recipient: phone })).toMatchObject(expected)
    expect(decode(wrapped, own)).toMatchObject(expected)
    expect(decode(wrapped, { ...own, recipient: lid, recipient_pn: phone })).toMatchObject(expected)
    expect(decode(wrapped, { ...own, recipient: lid, peer_recipient_pn: phone })).toMatchObject(expected)
  })

  it('does not believe a stranger who claims to be an own device', () => {
    const forged = { deviceSentMessage: { destinationJid: lid, message: hello } }
    expect(decode(forged)).toMatchObject({
      chat: '+5511999990002',
      sender: '+5511999990002',
      content: { type: 'unsupported', unsupported: { kind: 'deviceSentMessage' } },
    })
  })
})

describe('a message that could not be decrypted', () => {
  const plaintext = new Uint8Array()
  const place = (stanza: Record<string, string>) =>
    decodePlaintext({ stanza: { id: '3EB0AA', undecryptable: 'true', ...stanza }, plaintext })

  it('has its place and no content', () => {
    const number = '+5511999990002'
    expect(place({ from: lid, sender_pn: phone })).toEqual({
      waMessageId: '3EB0AA',
      chat: number,
      sender: number,
      content: null,
      numbers: new Map([[lid, number]]),
    })
    expect(place({ from: '5511888880001@s.whatsapp.net', self: 'true', recipient: phone })).toMatchObject({
      chat: number,
      sender: 'self',
    })
    expect(place({ from: '1203@g.us', participant: phone })).toMatchObject({ chat: '1203@g.us', sender: number })
  })

  it('is nothing where a status post was', () => {
    expect(place({ from: 'status@broadcast', participant: phone })).toBeUndefined()
  })
})

describe('garbage', () => {
  it('is told as such', () => {
    const stanza = { id: '1', from: phone }
    expect(() => decodePlaintext({ stanza, plaintext: Uint8Array.of(0) })).toThrow(UndecodablePlaintext)
    expect(() => decodePlaintext({ stanza, plaintext: Uint8Array.of(9, 9) })).toThrow(UndecodablePlaintext)
    expect(() => decodePlaintext({ stanza: {}, plaintext: padded(hello) })).toThrow(UndecodablePlaintext)
  })

  it('never makes another error, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.dictionary(fc.string(), fc.string()), (plaintext, attrs) => {
        try {
          decodePlaintext({ stanza: { id: '1', from: phone, ...attrs }, plaintext })
        } catch (error) {
          expect(error).toBeInstanceOf(UndecodablePlaintext)
        }
      }),
    )
  })
})
