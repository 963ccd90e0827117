import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Simulator } from './api.ts'
import { startSimulator } from './start-simulator.ts'
import { pairedClient } from './testing/pair.ts'
import type { BaileysClient } from './testing/baileys-client.ts'

let simulator: Simulator
const clients: BaileysClient[] = []

beforeEach(async () => {
  simulator = await startSimulator({ log: (line) => process.env['SIM_LOG'] && process.stderr.write(`${line}\n`) })
})
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.stop()))
  await simulator.stop()
})

it('pairs an unmodified Baileys by QR, takes its text to a phone and brings the answer back', async () => {
  const phone = await simulator.makePhone({ name: 'Loja' })
  const contact = await simulator.makePhone({ name: 'Ana' })
  const { client } = await pairedClient(simulator, phone)
  clients.push(client)

  await client.socket.sendMessage(contact.jid, { text: 'Bom dia' })
  const shown = await contact.waitForMessage(({ body }) => body === 'Bom dia')
  expect(shown).toMatchObject({ chat: phone.jid, sender: phone.jid, senderDevice: 1, fromMe: false, rawStanzas: 1 })
  await phone.waitForMessage(({ body, fromMe }) => body === 'Bom dia' && fromMe)

  const { id } = await contact.sendText(phone.phoneNumber, 'Olá!')
  const { type, message } = await client.text('Olá!')
  expect(type).toBe('notify')
  expect(message.key).toMatchObject({ remoteJid: contact.jid, fromMe: false, id })
  await contact.waitForStatus(id, ({ deliveredTo }) => deliveredTo.length === 2)
})
