import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { baileysClient } from '#simulator/testing/baileys-client.ts'
import { makeBaileysWorld, type BaileysWorld } from '#worker-node/testing/baileys-world.ts'
import { pairedConnection, textTo } from '#worker-node/testing/driver-conformance.ts'
import type { TestSession } from '#worker-node/testing/driver-world.ts'
import { openRecorded } from '#worker-node/testing/recorded-connection.ts'
import { decodePlaintext } from './decode-plaintext.ts'
import { fromBytes } from './signal/bytes-json.ts'

type TestPhone = Awaited<ReturnType<BaileysWorld['makePhone']>>

let world: BaileysWorld
let session: TestSession
let phone: TestPhone
let contact: TestPhone

beforeEach(async () => {
  world = await makeBaileysWorld()
  session = await world.newSession()
  phone = await world.makePhone()
  contact = await world.makePhone()
})
afterEach(() => world.stop())

/** How many Signal sessions, open and closed, a stored record holds. */
const sessionsIn = (record: unknown) => Object.keys((record as { _sessions: object })._sessions).length

describe('a device list that is refreshed', () => {
  it('leaves a Signal session that both sides write in as it is, however often', async () => {
    let connection = await pairedConnection(world.driver, session, phone)
    const address = `${contact.simulated.lid.split('@')[0]}_1.0`
    const records = () =>
      world.sessions.database.tables.sessionKeys.flatMap(({ type, id, value }) =>
        type === 'session' && id === address ? [{ sessions: sessionsIn(fromBytes(value)), size: value.length }] : [],
      )
    const sendAndBeAnswered = async (body: string) => {
      const request = textTo(contact.phoneNumber, body)
      expect(await connection.send(request)).toEqual({ outcome: 'acked' })
      await contact.waitForShown(request.waMessageId)
      await contact.delivered((await contact.sendText(phone.phoneNumber, `answer to ${body}`)).id)
    }
    for (let n = 0; n < 8; n++) await sendAndBeAnswered(`before ${n}`)
    const before = records()
    expect(before).toHaveLength(1)

    // Nothing of the list outlives a connection.
    for (let n = 0; n < 6; n++) {
      await connection.close()
      connection = openRecorded(world.driver, session)
      await connection.told('open')
      await sendAndBeAnswered(`refreshed ${n}`)
    }
    expect(records().map(({ sessions }) => sessions)).toEqual(before.map(() => 1))
    const growth = Math.max(...records().map(({ size }, index) => size - (before[index]?.size ?? 0)))
    expect(growth).toBeLessThan(50)
    expect(contact.simulated.counters().undecryptable).toBe(0)
  })

  it('resets them with stock Baileys, and the record grows with each', async () => {
    const client = baileysClient(world.simulator)
    try {
      client.connect()
      await phone.scan(await client.qr())
      await client.closed()
      // Forgets at once what it would keep for 5 minutes.
      const forgetful = { get: () => undefined, set: () => {}, del: () => {}, flushAll: () => {} }
      client.connect({ userDevicesCache: forgetful })
      await client.open()
      const address = `${contact.simulated.lid.split('@')[0]}_1.0`
      const counts: number[] = []
      for (let n = 0; n < 4; n++) {
        await client.socket.sendMessage(contact.simulated.jid, { text: `${n}` })
        const stored = await client.auth.keys.get('session', [address])
        counts.push(sessionsIn(JSON.parse(JSON.stringify(stored[address]))))
      }
      expect(counts).toEqual([1, 2, 3, 4])
    } finally {
      await client.stop()
    }
  })
})

describe('a contact', () => {
  it('who links a device gets the next message there too, and no more once it is removed', async () => {
    const connection = await pairedConnection(world.driver, session, phone)
    expect(await connection.send(textTo(contact.phoneNumber, 'before'))).toEqual({ outcome: 'acked' })

    const linked = await world.newSession()
    const device = await pairedConnection(world.driver, linked, contact)
    const received = () =>
      world.journal(linked).flatMap((row) => {
        const content = decodePlaintext(row)?.content
        return content?.type === 'text' ? [content.text.body] : []
      })
    // The notification was queued for us before the device could log in; this round trip is behind it.
    await contact.delivered((await contact.sendText(phone.phoneNumber, 'I have a computer now')).id)
    expect(await connection.send(textTo(contact.phoneNumber, 'to both'))).toEqual({ outcome: 'acked' })
    await expect.poll(received).toContain('to both')

    await contact.unlinkAll()
    await device.told('closed')
    await contact.delivered((await contact.sendText(phone.phoneNumber, 'and no more')).id)
    const last = textTo(contact.phoneNumber, 'to the phone')
    expect(await connection.send(last)).toEqual({ outcome: 'acked' })
    await contact.waitForShown(last.waMessageId)
    expect(received()).not.toContain('to the phone')
    const stored = world.sessions.database.tables.sessionKeys.filter(
      ({ type, instanceId }) => type === 'session' && instanceId === session.instanceId,
    )
    const lid = contact.simulated.lid.split('@')[0]
    expect(stored.map(({ id }) => id).filter((id) => id.startsWith(`${lid}_1.`))).toEqual([`${lid}_1.0`])
  })
})
