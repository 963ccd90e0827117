import { describe, expect, it } from 'vitest'
import type { FaultAction } from './api.ts'
import type { BaileysClient } from './testing/baileys-client.ts'
import { useStage } from './testing/stage.ts'

const stage = useStage()
const ACK_TIMEOUT_MS = 400
let nextId = 1

/** Sends a text and resolves with the server's ack, or undefined when none came. */
async function sendAndAwaitAck(client: BaileysClient, to: string, text: string) {
  const id = `FAULT${String(nextId++).padStart(11, '0')}`
  const ack = client.socket.waitForMessage<{ attrs: Record<string, string> }>(id, ACK_TIMEOUT_MS).catch(() => undefined)
  await client.socket.sendMessage(to, { text }, { messageId: id })
  return { id, ack: (await ack)?.attrs }
}

/** A companion that has written to a contact before, so that only messages follow. */
async function conversation() {
  const linked = await stage.linked()
  const contact = await stage.simulator.makePhone()
  await sendAndAwaitAck(linked.client, contact.jid, 'first')
  await contact.waitForMessage(({ body }) => body === 'first')
  const strike = (action: FaultAction, more: { direction?: 'to-device'; stanza?: string } = {}): number =>
    stage.simulator.faults.add({ action, phoneNumber: linked.phone.phoneNumber, times: 1, ...more })
  return { ...linked, contact, strike }
}

describe('faults of what a device sends', () => {
  it('drop: no ack, nothing arrives, and the next one is as ever', async () => {
    const { client, contact, strike } = await conversation()
    strike({ kind: 'drop' })
    expect((await sendAndAwaitAck(client, contact.jid, 'dropped')).ack).toBeUndefined()
    expect((await sendAndAwaitAck(client, contact.jid, 'next')).ack).toMatchObject({ class: 'message' })
    expect(contact.shown().map(({ body }) => body)).toEqual(['first', 'next'])
  })

  it('delay: the ack comes late', async () => {
    const { client, contact, strike } = await conversation()
    strike({ kind: 'delay', delayMs: 150 })
    const startedMs = Date.now()
    expect((await sendAndAwaitAck(client, contact.jid, 'late')).ack).toBeDefined()
    expect(Date.now() - startedMs).toBeGreaterThanOrEqual(149)
  })

  it('duplicate: the phone counts two stanzas and shows one message', async () => {
    const { client, contact, strike } = await conversation()
    strike({ kind: 'duplicate' })
    await sendAndAwaitAck(client, contact.jid, 'twice')
    const shown = contact.shown().filter(({ body }) => body === 'twice')
    expect(shown).toMatchObject([{ rawStanzas: 2 }])
    expect(contact.counters()).toMatchObject({ rawStanzas: 3, duplicates: 1, undecryptable: 0 })
  })

  it('a resend with the same id under a new ciphertext is shown once too', async () => {
    const { client, contact } = await conversation()
    const messageId = 'RESEND0000000001'
    await client.socket.sendMessage(contact.jid, { text: 'once' }, { messageId })
    await client.socket.sendMessage(contact.jid, { text: 'once' }, { messageId })
    await contact.waitForMessage(({ body, rawStanzas }) => body === 'once' && rawStanzas === 2)
    expect(contact.counters().duplicates).toBe(0)
  })

  it.each([463, 429, 479])('refuse: the ack says %i and nothing arrives', async (code) => {
    const { client, contact, strike } = await conversation()
    strike({ kind: 'refuse', code })
    const { id, ack } = await sendAndAwaitAck(client, contact.jid, 'refused')
    expect(ack).toMatchObject({ class: 'message', id, error: String(code) })
    expect(contact.shown()).toHaveLength(1)
  })

  it('close: the message is lost with the connection', async () => {
    const { client, contact, strike } = await conversation()
    strike({ kind: 'close' })
    expect((await sendAndAwaitAck(client, contact.jid, 'lost')).ack).toBeUndefined()
    expect(await client.closed()).toBe(428)
    expect(contact.shown()).toHaveLength(1)
  })

  it('close-before-ack: the message arrives, its ack does not', async () => {
    const { client, contact, strike } = await conversation()
    strike({ kind: 'close-before-ack' })
    expect((await sendAndAwaitAck(client, contact.jid, 'unacknowledged')).ack).toBeUndefined()
    expect(await client.closed()).toBe(428)
    await contact.waitForMessage(({ body }) => body === 'unacknowledged')
  })

  it('close-after-ack: message and ack arrive, then the connection ends', async () => {
    const { client, contact, strike } = await conversation()
    strike({ kind: 'close-after-ack' })
    expect((await sendAndAwaitAck(client, contact.jid, 'acknowledged')).ack).toBeDefined()
    expect(await client.closed()).toBe(428)
    await contact.waitForMessage(({ body }) => body === 'acknowledged')
  })

  it('strike other stanzas when told: an iq is refused with an error', async () => {
    const { client, contact, strike } = await conversation()
    strike({ kind: 'refuse', code: 429 }, { stanza: 'iq' })
    await expect(client.socket.onWhatsApp(contact.phoneNumber)).rejects.toThrow('refused')
    expect(await client.socket.onWhatsApp(contact.phoneNumber)).toHaveLength(1)
  })
})

describe('faults of what a device gets', () => {
  it('drop: the message stays queued until the next log-in', async () => {
    const { phone, client, contact, strike } = await conversation()
    strike({ kind: 'drop' }, { direction: 'to-device' })
    await contact.sendText(phone.phoneNumber, 'dropped')
    await contact.sendText(phone.phoneNumber, 'next')
    await client.text('next')
    expect(client.received.map(({ message }) => message.message?.conversation)).not.toContain('dropped')
    await client.stop()
    client.connect()
    await client.text('dropped')
  })

  it('delay: later messages overtake it', async () => {
    const { phone, client, contact, strike } = await conversation()
    strike({ kind: 'delay', delayMs: 200 }, { direction: 'to-device' })
    await contact.sendText(phone.phoneNumber, 'slow')
    await contact.sendText(phone.phoneNumber, 'fast')
    await client.text('slow')
    const texts = client.received.flatMap(({ message }) => message.message?.conversation ?? [])
    expect(texts.slice(-2)).toEqual(['fast', 'slow'])
  })

  it('duplicate: the device gets the same ciphertext twice', async () => {
    const { phone, client, contact, strike } = await conversation()
    strike({ kind: 'duplicate' }, { direction: 'to-device' })
    const { id } = await contact.sendText(phone.phoneNumber, 'twice')
    await client.until(() => client.received.filter(({ message }) => message.key.id === id).at(1), 'Two upserts')
  })
})

describe('where faults strike', () => {
  it('spares other accounts, other devices and older connections', async () => {
    const { phone, client, contact } = await conversation()
    const { client: second, device } = await stage.linkedTo(phone)
    const drop = { kind: 'drop' } as const
    stage.simulator.faults.add({ action: drop, phoneNumber: contact.phoneNumber })
    stage.simulator.faults.add({ action: drop, phoneNumber: phone.phoneNumber, deviceId: device.deviceId })
    stage.simulator.faults.add({ action: drop, newConnectionsOnly: true })
    expect((await sendAndAwaitAck(client, contact.jid, 'spared')).ack).toBeDefined()
    expect((await sendAndAwaitAck(second, contact.jid, 'struck')).ack).toBeUndefined()
    expect(stage.simulator.faults.list().map(({ struck }) => struck)).toEqual([0, 1, 0])
    await client.stop()
    client.connect()
    await client.open()
    expect((await sendAndAwaitAck(client, contact.jid, 'new connection')).ack).toBeUndefined()
  })
})
