import { describe, expect, it } from 'vitest'
import { quietQueue } from './testing/pair.ts'
import { useStage } from './testing/stage.ts'

const stage = useStage()

describe('the offline queue', () => {
  it('keeps what arrives while a device is away, and brings it in order when it comes back', async () => {
    const { phone, client, device } = await stage.linked()
    const contact = await stage.simulator.makePhone()
    await client.stop()
    for (let n = 0; n < 5; n += 1) await contact.sendText(phone.phoneNumber, `while away ${n}`)
    client.connect()
    await client.text('while away 4')
    const texts = client.received
      .filter(({ type }) => type === 'append')
      .map(({ message }) => message.message?.conversation)
    expect(texts).toEqual(['while away 0', 'while away 1', 'while away 2', 'while away 3', 'while away 4'])
    await quietQueue(stage.simulator, phone, device.deviceId)
  })

  it('redelivers until the receipt: a receipt that is lost brings the message again', async () => {
    const { phone, client, device } = await stage.linked()
    const contact = await stage.simulator.makePhone()
    const { phoneNumber } = phone
    stage.simulator.faults.add({ action: { kind: 'drop' }, phoneNumber, stanza: 'receipt' })
    const { id } = await contact.sendText(phoneNumber, 'confirm me')
    await client.text('confirm me')
    await expect.poll(() => stage.simulator.faults.list()[0]?.struck).toBe(1)
    expect(stage.simulator.connections().find((one) => one.phoneNumber === phoneNumber)?.queued).toBe(1)
    expect(contact.sentStatus(id)?.deliveredTo).toEqual([phone.jid])

    stage.simulator.faults.clear()
    await client.stop()
    client.connect()
    const redelivered = new Promise((resolve) => client.socket.ws.on(`CB:message,id:${id}`, resolve))
    expect(await redelivered).toMatchObject({ attrs: { id, from: contact.jid, offline: '0' } })
    // Stock Baileys cannot read it again, because its ratchet has moved on; it then refuses the message by an ack.
    await quietQueue(stage.simulator, phone, device.deviceId)
  })

  it('keeps receipts for a sender that is away', async () => {
    const { phone, client, device } = await stage.linked()
    const contact = await stage.simulator.makePhone()
    const id = 'AWAY0000000000001'
    await client.socket.sendMessage(contact.jid, { text: 'sent, then away' }, { messageId: id })
    await client.until(() => client.updates.find((one) => one.key.id === id), 'The delivery')
    await client.stop()
    await contact.markRead(phone.phoneNumber)
    client.connect()
    await client.until(() => client.updates.find((one) => one.key.id === id && one.update.status === 4), 'The reading')
    await quietQueue(stage.simulator, phone, device.deviceId)
  })
})

describe('retry receipts', () => {
  it('make the phone encrypt again what a companion could not read', async () => {
    const { phone, client } = await stage.linked()
    const contact = await stage.simulator.makePhone()
    const { phoneNumber } = phone
    await contact.sendText(phoneNumber, 'a first one')
    await client.text('a first one')
    const action = { kind: 'corrupt' } as const
    stage.simulator.faults.add({ action, phoneNumber, direction: 'to-device', times: 1 })
    const { id } = await contact.sendText(phoneNumber, 'broken on the way')
    await client.text('broken on the way')
    expect(contact.sentStatus(id)?.retries).toBe(1)
    expect(contact.counters().retriesServed).toBe(1)
  })

  it('still work when the companion has lost its session: the second one brings keys for a new session', async () => {
    const { phone, client } = await stage.linked()
    const contact = await stage.simulator.makePhone()
    await contact.sendText(phone.phoneNumber, 'a first one')
    await client.text('a first one')
    const user = contact.lid.split('@')[0]
    await client.auth.keys.set({ session: { [`${user}_1.0`]: null } })
    const { id } = await contact.sendText(phone.phoneNumber, 'to a forgetful one')
    await client.text('to a forgetful one')
    expect(contact.sentStatus(id)?.retries).toBeGreaterThan(0)
    await contact.sendText(phone.phoneNumber, 'in the new session')
    await client.text('in the new session')
  })

  it('make a companion encrypt again what a phone could not read', async () => {
    const { phone, client } = await stage.linked()
    const contact = await stage.simulator.makePhone()
    await client.stop()
    client.connect({ getMessage: async () => ({ conversation: 'broken on the way out' }) })
    await client.open()
    stage.simulator.faults.add({ action: { kind: 'corrupt' }, phoneNumber: phone.phoneNumber, times: 1 })
    await client.socket.sendMessage(contact.jid, { text: 'broken on the way out' })
    const shown = await contact.waitForMessage(({ body }) => body === 'broken on the way out')
    expect(shown.sender).toBe(phone.jid)
    expect(contact.counters()).toMatchObject({ undecryptable: 1, rawStanzas: 2 })
  })

  it('work between two companions', async () => {
    const left = await stage.linked()
    const right = await stage.linked()
    await left.client.stop()
    left.client.connect({ getMessage: async () => ({ conversation: 'again' }) })
    await left.client.open()
    const rule = { action: { kind: 'corrupt' }, phoneNumber: right.phone.phoneNumber, direction: 'to-device' } as const
    stage.simulator.faults.add({ ...rule, times: 1 })
    await left.client.socket.sendMessage(right.phone.jid, { text: 'again' })
    await right.client.text('again')
  })
})
