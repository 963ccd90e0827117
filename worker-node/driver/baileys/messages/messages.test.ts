import { EventEmitter } from 'node:events'
import type { BinaryNode, WASocket } from '@whiskeysockets/baileys'
import { describe, expect, it } from 'vitest'
import type { Receipt } from '#core/ports/outbox.ts'
import { createAcks } from './acks.ts'
import { messageOfContent } from './message-of-content.ts'
import { createWhatsAppLookup } from './on-whatsapp.ts'
import { canonicalAddress, jidOfNumber } from './phone-number.ts'
import { listenToReceipts } from './receipts.ts'

const credentials = {
  advSecretKey: Buffer.alloc(32, 7).toString('base64'),
  me: { id: '5511999990001:4@s.whatsapp.net', lid: '85000000001:4@lid' },
}
const text = (body: string) => ({ type: 'text' as const, text: { body } })
const fakeSocket = () =>
  ({ ws: Object.assign(new EventEmitter(), { isOpen: true }) }) as unknown as Pick<WASocket, 'ws'>
/** What was awaited by now has gone on. */
const settled = () => new Promise((resolve) => setImmediate(resolve))

describe('what goes on the wire', () => {
  it('is the same for every attempt, and its secret another for every message and session', () => {
    const once = messageOfContent(text('hi'), 'ID1', credentials)
    expect(messageOfContent(text('hi'), 'ID1', { ...credentials })).toEqual(once)
    const others = [
      messageOfContent(text('hi'), 'ID2', credentials),
      messageOfContent(text('hi'), 'ID1', { ...credentials, advSecretKey: Buffer.alloc(32, 8).toString('base64') }),
    ]
    for (const other of others) {
      expect(other.messageContextInfo?.messageSecret).not.toEqual(once.messageContextInfo?.messageSecret)
    }
    expect(once.messageContextInfo?.messageSecret).toHaveLength(32)
  })

  it.each([
    ['self', '5511999990001@s.whatsapp.net'],
    ['+5511999990002', '5511999990002@s.whatsapp.net'],
    ['85123456789@lid', '85123456789@lid'],
  ])('quotes a message of %s', (sender, participant) => {
    const quoted = { waMessageId: 'OLD', sender, body: 'before' }
    const { extendedTextMessage } = messageOfContent(text('answer'), 'ID1', credentials, quoted)
    expect(extendedTextMessage?.contextInfo).toEqual({
      stanzaId: 'OLD',
      participant,
      quotedMessage: { conversation: 'before' },
    })
  })
})

describe('addresses', () => {
  it('are E.164 for numbers and WhatsApp’s own, without the device, for the rest', () => {
    expect(jidOfNumber('+5511999990002')).toBe('5511999990002@s.whatsapp.net')
    expect(canonicalAddress('5511999990002:3@s.whatsapp.net')).toBe('+5511999990002')
    expect(canonicalAddress('85123:3@lid')).toBe('85123@lid')
    expect(canonicalAddress('120363@g.us')).toBe('120363@g.us')
    expect(canonicalAddress('')).toBe('')
  })
})

describe('receipts', () => {
  const told: Receipt[] = []
  const confirmed: string[] = []
  let durable: (is: boolean) => void = () => {}
  const socket = fakeSocket()
  socket.ws.on('CB:receipt', ({ attrs }: BinaryNode) => confirmed.push(attrs.id ?? ''))
  listenToReceipts(socket, credentials, (receipt) => {
    told.push(receipt)
    return new Promise((resolve) => (durable = resolve))
  })
  const receive = (attrs: BinaryNode['attrs'], content?: BinaryNode[]) => {
    told.length = 0
    socket.ws.emit('CB:receipt', { tag: 'receipt', attrs, ...(content ? { content } : {}) })
    return [...told]
  }
  const from = '5511999990002@s.whatsapp.net'

  it('are delivered, or read, for one message or several', () => {
    expect(receive({ id: 'A', from })).toEqual([{ waMessageIds: ['A'], status: 'delivered' }])
    expect(receive({ id: 'A', from, type: 'read' })).toEqual([{ waMessageIds: ['A'], status: 'read' }])
    const items = ['B', 'C'].map((id) => ({ tag: 'item', attrs: { id } }))
    const list = [{ tag: 'list', attrs: {}, content: items }]
    expect(receive({ id: 'A', from, type: 'read' }, list)).toEqual([{ waMessageIds: ['A', 'B', 'C'], status: 'read' }])
  })

  it('of own devices and of other kinds tell nothing', () => {
    expect(receive({ id: 'A', from: '5511999990001@s.whatsapp.net', type: 'read' })).toEqual([])
    expect(receive({ id: 'A', from: '85000000001:2@lid' })).toEqual([])
    for (const type of ['retry', 'sender', 'read-self', 'peer_msg'])
      expect(receive({ id: 'A', from, type })).toEqual([])
  })

  it('are confirmed to WhatsApp when they are durable, those of other kinds at once', async () => {
    confirmed.length = 0
    receive({ id: 'RETRY', from, type: 'retry' })
    expect(confirmed).toEqual(['RETRY'])
    receive({ id: 'LOST', from })
    durable(false)
    await settled()
    receive({ id: 'KEPT', from })
    await settled()
    expect(confirmed).toEqual(['RETRY'])
    durable(true)
    await settled()
    expect(confirmed).toEqual(['RETRY', 'KEPT'])
  })
})

describe('acks', () => {
  it('settle the message of their id, with the error if there is one; a receipt says as much', async () => {
    const socket = fakeSocket()
    const acks = createAcks(socket)
    const emit = (event: string, attrs: BinaryNode['attrs']) => socket.ws.emit(event, { tag: 'x', attrs })
    const [good, bad, received] = ['GOOD', 'BAD', 'RECEIVED'].map((id) => acks.expect(id).ack)
    emit('CB:ack,class:message', { id: 'UNKNOWN' })
    emit('CB:ack,class:message', { id: 'BAD', error: '463' })
    emit('CB:ack,class:message', { id: 'GOOD' })
    emit('CB:receipt', { id: 'RECEIVED' })
    expect(await Promise.all([good, bad, received])).toEqual([
      { error: undefined },
      { error: 463 },
      { error: undefined },
    ])
  })
})

describe('looking a number up', () => {
  it('remembers who is there, in WhatsApp’s spelling, and nobody else', async () => {
    const asked: string[] = []
    let exists = false
    const { find } = createWhatsAppLookup({
      onWhatsApp: async (jid) => {
        asked.push(jid ?? '')
        return [{ jid: '551199990002@s.whatsapp.net', exists }]
      },
    })
    expect(await find('+5511999990002')).toBeUndefined()
    exists = true
    expect(await find('+5511999990002')).toBe('551199990002@s.whatsapp.net')
    expect(await find('+5511999990002')).toBe('551199990002@s.whatsapp.net')
    expect(asked).toHaveLength(2)
  })

  it('fails when WhatsApp did not answer', async () => {
    const { find } = createWhatsAppLookup({ onWhatsApp: async () => undefined })
    await expect(find('+5511999990002')).rejects.toThrow('did not answer')
  })
})
