import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { baileysClient, type BaileysClient } from '#simulator/testing/baileys-client.ts'
import { makeBaileysWorld, type BaileysWorld } from '#worker-node/testing/baileys-world.ts'
import { pairedConnection, textTo } from '#worker-node/testing/driver-conformance.ts'
import type { TestSession } from '#worker-node/testing/driver-world.ts'
import { openRecorded } from '#worker-node/testing/recorded-connection.ts'
import { fromBytes } from './signal/bytes-json.ts'

type TestPhone = Awaited<ReturnType<BaileysWorld['makePhone']>>

let world: BaileysWorld
let session: TestSession
let phone: TestPhone
let contact: TestPhone
let client: BaileysClient | undefined

beforeEach(async () => {
  world = await makeBaileysWorld()
  session = await world.newSession()
  phone = await world.makePhone()
  contact = await world.makePhone()
})
afterEach(async () => {
  await client?.stop()
  client = undefined
  await world.stop()
})

/** Counts what the account's devices ask the server from now on. */
function countQuestions(): () => number {
  const { faults } = world.simulator
  const id = faults.add({ action: { kind: 'delay', delayMs: 0 }, stanza: 'iq', phoneNumber: phone.phoneNumber })
  return () => faults.list().find((fault) => fault.id === id)?.struck ?? 0
}

async function linkedStockClient(): Promise<BaileysClient> {
  client = baileysClient(world.simulator)
  client.connect()
  await phone.scan(await client.qr())
  await client.closed()
  client.connect()
  await client.open()
  return client
}

describe('a contact that was written to before', () => {
  const privacyTokenIsStored = () =>
    world.sessions.database.tables.sessionKeys.some(
      ({ type, value }) =>
        type === 'tctoken' && (fromBytes(value) as { senderTimestamp?: number }).senderTimestamp !== undefined,
    )

  it('is written to without a question to the server', async () => {
    const connection = await pairedConnection(world.driver, session, phone)
    expect(await connection.send(textTo(contact.phoneNumber, 'first'))).toEqual({ outcome: 'acked' })
    await expect.poll(privacyTokenIsStored).toBe(true)

    const questions = countQuestions()
    for (let n = 0; n < 5; n++) {
      expect(await connection.send(textTo(contact.phoneNumber, `again ${n}`))).toEqual({ outcome: 'acked' })
    }
    expect(questions()).toBe(0)
  })

  it('is asked for a privacy token with each message by stock Baileys, which loses what it wrote', async () => {
    const { socket } = await linkedStockClient()
    await socket.sendMessage(contact.simulated.jid, { text: 'first' })
    const questions = countQuestions()
    for (let n = 1; n <= 3; n++) {
      await socket.sendMessage(contact.simulated.jid, { text: `again ${n}` })
      await expect.poll(questions).toBeGreaterThanOrEqual(n)
    }
  })
})

describe('what a send leaves behind', () => {
  it('holds nothing back: receipts are told as they come', async () => {
    const connection = await pairedConnection(world.driver, session, phone)
    for (let n = 0; n < 3; n++) {
      const request = textTo(contact.phoneNumber, `${n}`)
      await connection.send(request)
      await connection.told('receipt', ({ receipt }) => receipt.waMessageIds.includes(request.waMessageId), 2_000)
    }
  })

  it('holds nothing back after a restart either', async () => {
    await (await pairedConnection(world.driver, session, phone)).close()
    const connection = openRecorded(world.driver, session)
    await connection.told('open')
    const request = textTo(contact.phoneNumber, 'x')
    await connection.send(request)
    await connection.told('receipt', ({ receipt }) => receipt.waMessageIds.includes(request.waMessageId), 2_000)
  })
})
