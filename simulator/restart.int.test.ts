import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Simulator } from './api.ts'
import { startSimulator } from './start-simulator.ts'
import { baileysClient } from './testing/baileys-client.ts'
import type { BaileysClient } from './testing/baileys-client.ts'
import { pairedClient, quietQueue } from './testing/pair.ts'

let dataDir: string
let simulator: Simulator
const clients: BaileysClient[] = []

beforeEach(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'simulator-'))
  simulator = await startSimulator({ dataDir })
})
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.stop()))
  await simulator.stop()
  rmSync(dataDir, { recursive: true })
})

it('continues everything after a restart: trust, log-ins, ratchets, chats, statuses and queues', async () => {
  const phone = await simulator.makePhone({ phoneNumber: '+5511987654321', name: 'Loja' })
  const contact = await simulator.makePhone({ name: 'Ana' })
  const { client, device } = await pairedClient(simulator, phone)
  clients.push(client)
  await client.socket.sendMessage(contact.jid, { text: 'before' })
  await contact.waitForMessage(({ body }) => body === 'before')
  const { id } = await contact.sendText(phone.phoneNumber, 'answer before')
  await client.text('answer before')
  await contact.waitForStatus(id, ({ deliveredTo }) => deliveredTo.length === 2)
  const group = { jid: '120363000000000001@g.us', members: [phone.phoneNumber] }
  await contact.sendGroupText(group, 'to the group before')
  await client.text('to the group before')
  await client.stop()
  await contact.sendText(phone.phoneNumber, 'while nobody listens')
  const { rootPublicKey } = simulator
  await simulator.stop()

  simulator = await startSimulator({ dataDir })
  expect(simulator.rootPublicKey).toEqual(rootPublicKey)
  const samePhone = simulator.phone('+5511987654321')
  const sameContact = simulator.phone(contact.phoneNumber)
  if (!samePhone || !sameContact) throw new Error('The phones are gone.')
  expect(samePhone.devices()).toEqual([device])
  expect(sameContact.shown()).toEqual(contact.shown())
  expect(sameContact.sentStatus(id)).toEqual(contact.sentStatus(id))

  const again = baileysClient(simulator, client.auth)
  clients.push(again)
  again.connect()
  await again.text('while nobody listens')
  await quietQueue(simulator, samePhone, device.deviceId)
  await again.open()
  await again.socket.sendMessage(contact.jid, { text: 'after' })
  await sameContact.waitForMessage(({ body }) => body === 'after')
  await sameContact.sendText(phone.phoneNumber, 'answer after')
  await again.text('answer after')
  await sameContact.sendGroupText(group, 'to the group after')
  await again.text('to the group after')
  for (const counters of [samePhone.counters(), sameContact.counters()]) {
    expect(counters).toMatchObject({ undecryptable: 0, retriesServed: 0 })
  }
})
