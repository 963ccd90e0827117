import { describe, expect, it } from 'vitest'
import { useStage } from './testing/stage.ts'

const stage = useStage()
const SERVER_ACK = 2
const DELIVERED = 3
const READ = 4

describe('one to one', () => {
  it("takes a companion's text to the contact's phone and to its own, and the answer back", async () => {
    const { phone, client } = await stage.linked({ name: 'Loja' })
    const contact = await stage.simulator.makePhone({ name: 'Ana' })
    await client.socket.sendMessage(contact.jid, { text: 'Bom dia' })
    const shown = await contact.waitForMessage(({ body }) => body === 'Bom dia')
    expect(shown).toMatchObject({ chat: phone.jid, sender: phone.jid, senderDevice: 1, fromMe: false, rawStanzas: 1 })
    const copy = await phone.waitForMessage(({ body }) => body === 'Bom dia')
    expect(copy).toMatchObject({ chat: contact.jid, sender: phone.jid, senderDevice: 1, fromMe: true })

    const { id } = await contact.sendText(phone.phoneNumber, 'Olá!')
    const { type, message } = await client.text('Olá!')
    expect(type).toBe('notify')
    expect(message.pushName).toBe('Ana')
    expect(message.key).toMatchObject({ remoteJid: contact.jid, fromMe: false, id, remoteJidAlt: contact.lid })
    const status = await contact.waitForStatus(id, ({ deliveredTo }) => deliveredTo.length === 2)
    expect(new Set(status.deliveredTo)).toEqual(new Set([phone.jid, client.auth.creds.me?.id]))
    expect(status.serverAckMs).toBeDefined()
    expect(status.readMs).toBeUndefined()
  })

  it('keeps the ratchets of a long conversation in step', async () => {
    const { phone, client } = await stage.linked()
    const contact = await stage.simulator.makePhone()
    contact.behaviour.autoReply = ({ body }) => `re: ${body}`
    for (let round = 0; round < 20; round += 1) {
      await client.socket.sendMessage(contact.jid, { text: `round ${round}` })
      await client.text(`re: round ${round}`)
    }
    await Promise.all(Array.from({ length: 40 }, (_, n) => contact.sendText(phone.phoneNumber, `burst ${n}`)))
    for (let n = 0; n < 40; n += 1) await client.text(`burst ${n}`)
    expect(contact.counters()).toMatchObject({ rawStanzas: 20, undecryptable: 0, duplicates: 0, retriesServed: 0 })
  })

  it('speaks by LID when it is spoken to by LID', async () => {
    const { phone, client } = await stage.linked()
    const contact = await stage.simulator.makePhone()
    await client.socket.sendMessage(contact.lid, { text: 'to a LID' })
    expect(await contact.waitForMessage(({ body }) => body === 'to a LID')).toMatchObject({ chat: phone.jid })
    await contact.sendText(phone.lid, 'from a LID')
    const { message } = await client.text('from a LID')
    expect(message.key).toMatchObject({ remoteJid: contact.lid, remoteJidAlt: contact.jid })
    const receipt = new Promise((resolve) => client.socket.ws.on('CB:receipt,type:read', resolve))
    await contact.markRead(phone.lid)
    expect(await receipt).toMatchObject({ attrs: { from: contact.lid } })
  })

  it('lets phones without companions write to each other', async () => {
    const one = await stage.simulator.makePhone()
    const other = await stage.simulator.makePhone()
    other.behaviour.readReceipts = true
    other.behaviour.autoReply = 'ok'
    const { id } = await one.sendText(other.phoneNumber, 'hi')
    await one.waitForMessage(({ body }) => body === 'ok')
    expect(one.sentStatus(id)).toMatchObject({ deliveredTo: [other.jid], readMs: expect.any(Number) as number })
    await expect(one.sendText('+5511000000000', 'hi')).rejects.toThrow('is not on WhatsApp')
  })
})

describe('acks and receipts', () => {
  it("tells a companion of the server's ack, the delivery and the reading", async () => {
    const { client } = await stage.linked()
    const contact = await stage.simulator.makePhone()
    const id = 'ABCDEF0123456789'
    const ack = client.socket.waitForMessage(id, 5000)
    await client.socket.sendMessage(contact.jid, { text: 'receipts, please' }, { messageId: id })
    expect(await ack).toMatchObject({ tag: 'ack', attrs: { class: 'message', id, from: contact.jid } })
    const statusIs = (status: number) =>
      client.until(() => client.updates.find((one) => one.key.id === id && one.update.status === status), `${status}`)
    await statusIs(DELIVERED)
    await contact.markRead(client.auth.creds.me?.id.replace(/:\d+/, '') ?? '')
    expect((await statusIs(READ)).key).toMatchObject({ remoteJid: contact.jid, fromMe: true })
    expect(client.updates.some(({ update }) => update.status === SERVER_ACK)).toBe(false)
  })

  it('sends no delivered receipt when the phone is told not to', async () => {
    const { client } = await stage.linked()
    const contact = await stage.simulator.makePhone()
    contact.behaviour.deliveredReceipts = false
    await client.socket.sendMessage(contact.jid, { text: 'silent' })
    await contact.waitForMessage(({ body }) => body === 'silent')
    contact.behaviour.deliveredReceipts = true
    await client.socket.sendMessage(contact.jid, { text: 'loud' })
    await client.until(() => client.updates.find(({ update }) => update.status === DELIVERED), 'A delivery')
    expect(client.updates.filter(({ update }) => update.status === DELIVERED)).toHaveLength(1)
  })

  it("brings a companion's read receipt to the phone that wrote", async () => {
    const { phone, client } = await stage.linked()
    const contact = await stage.simulator.makePhone()
    const { id } = await contact.sendText(phone.phoneNumber, 'read me')
    const { message } = await client.text('read me')
    await client.socket.readMessages([message.key])
    await contact.waitForStatus(id, ({ readMs }) => readMs !== undefined)
  })

  it('tells the own companions what the phone has read', async () => {
    const { phone, client } = await stage.linked()
    const contact = await stage.simulator.makePhone()
    await contact.sendText(phone.phoneNumber, 'one')
    await contact.sendText(phone.phoneNumber, 'two')
    await client.text('two')
    await phone.markRead(contact.phoneNumber)
    await client.until(
      () => client.updates.filter(({ update, key }) => update.status === READ && !key.fromMe).at(1),
      'Two readings',
    )
    expect(phone.shown(contact.jid).map(({ read }) => read)).toEqual([true, true])
  })
})

describe('many devices', () => {
  it('lets two Baileys instances write to each other', async () => {
    const left = await stage.linked()
    const right = await stage.linked()
    await left.client.socket.sendMessage(right.phone.jid, { text: 'left to right' })
    expect((await right.client.text('left to right')).message.key.remoteJid).toBe(left.phone.jid)
    await right.client.socket.sendMessage(left.phone.jid, { text: 'right to left' })
    expect((await left.client.text('right to left')).message.key.remoteJid).toBe(right.phone.jid)
    await right.phone.waitForMessage(({ body }) => body === 'left to right')
    await right.phone.waitForMessage(({ body, fromMe }) => body === 'right to left' && fromMe)
    await left.phone.waitForMessage(({ body, fromMe }) => body === 'left to right' && fromMe)
  })

  it("copies what one device sends to the account's others, and what a contact sends to all", async () => {
    const { phone, client: first, device } = await stage.linked()
    const { client: second, device: secondDevice } = await stage.linkedTo(phone)
    expect([device.deviceId, secondDevice.deviceId]).toEqual([1, 2])
    const contact = await stage.simulator.makePhone()
    await first.socket.sendMessage(contact.jid, { text: 'from the first' })
    const copy = await second.text('from the first')
    expect(copy.message.key).toMatchObject({ remoteJid: contact.jid, fromMe: true })
    await phone.waitForMessage(({ body, fromMe }) => body === 'from the first' && fromMe)

    const { id } = await contact.sendText(phone.phoneNumber, 'to all')
    await Promise.all([first.text('to all'), second.text('to all')])
    await contact.waitForStatus(id, ({ deliveredTo }) => deliveredTo.length === 3)

    await phone.sendText(contact.phoneNumber, 'from the phone')
    for (const client of [first, second]) {
      expect((await client.text('from the phone')).message.key).toMatchObject({ remoteJid: contact.jid, fromMe: true })
    }
  })

  it('makes known devices that come later, so that they are written to at once', async () => {
    const { phone, client: first } = await stage.linked()
    const { phone: other, client: writer } = await stage.linked()
    await writer.socket.sendMessage(phone.jid, { text: 'before' })
    await first.text('before')
    const { client: second, device } = await stage.linkedTo(phone)
    await writer.socket.sendMessage(phone.jid, { text: 'after' })
    await Promise.all([first.text('after'), second.text('after')])

    await phone.removeDevice(device.deviceId)
    expect(await second.closed()).toBe(401)
    await writer.socket.sendMessage(phone.jid, { text: 'to the first only' })
    await first.text('to the first only')
    expect(other.counters().undecryptable).toBe(0)
  })
})

describe('numbers that nobody has', () => {
  it('are not on WhatsApp', async () => {
    const { client } = await stage.linked()
    const contact = await stage.simulator.makePhone()
    expect(await client.socket.onWhatsApp(contact.phoneNumber, '+5511999990000')).toEqual([
      { jid: contact.jid, exists: true },
    ])
  })

  it('still get an ack when they are written to, and only the own phone sees it', async () => {
    const { phone, client } = await stage.linked()
    await client.socket.sendMessage('5511999990000@s.whatsapp.net', { text: 'into the void' })
    const shown = await phone.waitForMessage(({ body }) => body === 'into the void')
    expect(shown).toMatchObject({ chat: '5511999990000@s.whatsapp.net', fromMe: true })
  })
})
