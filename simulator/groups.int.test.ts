import { expect, it } from 'vitest'
import type { Phone } from './api.ts'
import type { BaileysClient } from './testing/baileys-client.ts'
import { quietQueue } from './testing/pair.ts'
import { useStage } from './testing/stage.ts'
import { childrenOf } from './wire/node.ts'
import type { BinaryNode } from './wire/node.ts'

const stage = useStage()
let nextGroup = 1
const groupOf = (...members: Phone[]) => ({
  jid: `12036300000000${String(nextGroup++).padStart(4, '0')}@g.us`,
  members: members.map(({ phoneNumber }) => phoneNumber),
})

/** The types of the ciphertexts in each message stanza from now on. */
function ciphertextsAt(client: BaileysClient): (string | undefined)[][] {
  const seen: (string | undefined)[][] = []
  client.socket.ws.on('CB:message', (stanza: BinaryNode) => {
    seen.push(childrenOf(stanza, 'enc').map(({ attrs }) => attrs['type']))
  })
  return seen
}

it("takes a phone's text to a member's companion: with the key of the group first, without it from then on", async () => {
  const { phone, client } = await stage.linked({ name: 'Loja' })
  const contact = await stage.simulator.makePhone({ name: 'Ana' })
  const [family, work] = [groupOf(phone, contact), groupOf(phone)]
  const ciphertexts = ciphertextsAt(client)
  const { id } = await contact.sendGroupText(family, 'one')
  const { message } = await client.text('one')
  expect(message).toMatchObject({
    key: { remoteJid: family.jid, fromMe: false, id, participant: contact.lid, participantAlt: contact.jid },
    pushName: 'Ana',
  })
  await contact.sendGroupText(family, 'two')
  await client.text('two')
  await contact.sendGroupText(work, 'three')
  expect((await client.text('three')).message.key.remoteJid).toBe(work.jid)
  expect(ciphertexts).toEqual([['pkmsg', 'skmsg'], ['skmsg'], ['pkmsg', 'skmsg']])
  expect(contact.shown(family.jid).map(({ body, fromMe }) => [body, fromMe])).toEqual([
    ['one', true],
    ['two', true],
  ])
})

it("takes it to the writer's own companions, and to one that is linked later", async () => {
  const { phone, client: first } = await stage.linked()
  const group = groupOf(await stage.simulator.makePhone())
  await phone.sendGroupText(group, 'from the phone')
  expect((await first.text('from the phone')).message.key).toMatchObject({ remoteJid: group.jid, fromMe: true })
  const { client: second } = await stage.linkedTo(phone)
  await phone.sendGroupText(group, 'to both')
  await Promise.all([first.text('to both'), second.text('to both')])
})

it('brings the receipts back, and keeps what waits until its receipt', async () => {
  const { phone, client, device } = await stage.linked()
  const contact = await stage.simulator.makePhone()
  const group = groupOf(phone, contact)
  const { id } = await contact.sendGroupText(group, 'live')
  const { message } = await client.text('live')
  expect(await contact.waitForStatus(id, ({ deliveredTo }) => deliveredTo.length === 1)).toMatchObject({
    chat: group.jid,
    deliveredTo: [device.jid],
  })
  await client.socket.readMessages([message.key])
  await contact.waitForStatus(id, ({ readMs }) => readMs !== undefined)

  await client.stop()
  const waited = await contact.sendGroupText(group, 'while away')
  client.connect()
  await client.text('while away')
  await contact.waitForStatus(waited.id, ({ deliveredTo }) => deliveredTo.length === 1)
  await quietQueue(stage.simulator, phone, device.deviceId)
})

it('encrypts again for a device that could read neither key nor text', async () => {
  const { phone, client, device } = await stage.linked()
  const contact = await stage.simulator.makePhone()
  const group = groupOf(phone, contact)
  const { phoneNumber } = phone
  stage.simulator.faults.add({ action: { kind: 'corrupt' }, direction: 'to-device', phoneNumber, times: 1 })
  const { id } = await contact.sendGroupText(group, 'once more')
  expect((await client.text('once more')).message.key).toMatchObject({ remoteJid: group.jid, id })
  await contact.sendGroupText(group, 'next')
  await client.text('next')
  expect(contact.counters().retriesServed).toBe(1)
  await quietQueue(stage.simulator, phone, device.deviceId)
})

it('answers a companion that writes to a group with error 501', async () => {
  const { phone, client } = await stage.linked()
  const attrs = { id: 'TOGROUP000000001', to: groupOf(phone).jid, type: 'text' }
  const ack = client.socket.waitForMessage(attrs.id, 5000)
  await client.socket.sendNode({ tag: 'message', attrs, content: [] })
  expect(await ack).toMatchObject({ tag: 'ack', attrs: { class: 'message', error: '501' } })
})

it('refuses what is no group, and strangers in one', async () => {
  const phone = await stage.simulator.makePhone()
  await expect(phone.sendGroupText({ jid: phone.jid, members: [] }, 'hi')).rejects.toThrow('not the jid of a group')
  const strangers = { jid: groupOf().jid, members: ['+5511000000000'] }
  await expect(phone.sendGroupText(strangers, 'hi')).rejects.toThrow('is not on WhatsApp')
})
