import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createMemoryInbound } from '#core/testing/memory-inbound.ts'
import { createMemoryOutbox } from '#core/testing/memory-outbox.ts'
import { createMemorySeed } from '#core/testing/seed.ts'
import { seedMessage } from '#db/testing/worker/worker-seeds.ts'
import { waitFor } from '#local/testing/wait-for.ts'
import { createRowProjector, projectRows } from '#worker-node/inbound/project-rows.ts'
import { silentLog } from '#worker-node/log.ts'
import { makeBaileysWorld, type BaileysWorld } from '#worker-node/testing/baileys-world.ts'
import { pairedConnection, textTo } from '#worker-node/testing/driver-conformance.ts'
import type { TestSession } from '#worker-node/testing/driver-world.ts'
import { createMemorySessions } from '#worker-node/testing/memory-sessions.ts'
import { openRecorded, type RecordedConnection } from '#worker-node/testing/recorded-connection.ts'
import { decodePlaintext } from './decode-plaintext.ts'

/** From the wire to the customer's events: driver, journal and projection together. */

type BaileysPhone = Awaited<ReturnType<BaileysWorld['makePhone']>>

let sessions: ReturnType<typeof createMemorySessions>
let world: BaileysWorld
let session: TestSession
let phone: BaileysPhone
let contact: BaileysPhone
let connection: RecordedConnection

beforeEach(async () => {
  sessions = createMemorySessions()
  world = await makeBaileysWorld({ sessions })
  session = await world.newSession()
  phone = await world.makePhone()
  contact = await world.makePhone()
  connection = await pairedConnection(world.driver, session, phone)
})
afterEach(() => world.stop())

/** What the projector does: everything journaled so far becomes messages and events. */
async function project(): Promise<void> {
  const inbound = createMemoryInbound(sessions.database)
  const row = createRowProjector({ inbound, decode: decodePlaintext, version: '1.0.0', log: silentLog })
  const takeAll = projectRows({ rowsPerTurn: 100, project: row, onProjected: () => {} })
  await takeAll((limit) => inbound.unprojected([session.instanceId], limit))
}
const events = () => sessions.database.tables.events
const messages = () => sessions.database.tables.messages
const rowsOf = (id: string) => world.journal(session).filter((row) => row.waMessageId === id)
const corrupt = (times?: number) =>
  world.simulator.faults.add({
    action: { kind: 'corrupt' },
    direction: 'to-device',
    phoneNumber: phone.phoneNumber,
    ...(times === undefined ? {} : { times }),
  })

describe('a contact that WhatsApp names by two addresses', () => {
  it('is one chat, in both directions, and for what the own phone writes', async () => {
    const { simulated } = contact
    const sent = await simulated.sendText(phone.simulated.lid, 'by the anonymous address')
    await contact.delivered(sent.id)
    const again = await simulated.sendText(phone.simulated.jid, 'by the number')
    await contact.delivered(again.id)
    const own = await phone.simulated.sendText(simulated.lid, 'from the own phone')
    await waitFor(() => rowsOf(own.id)[0], { what: 'the copy of what the own phone wrote' })
    await project()
    expect(messages().map(({ chat, sender }) => [chat, sender])).toEqual([
      [contact.phoneNumber, contact.phoneNumber],
      [contact.phoneNumber, contact.phoneNumber],
      [contact.phoneNumber, 'self'],
    ])
    const { lid, phoneNumber } = { lid: simulated.lid, phoneNumber: contact.phoneNumber }
    expect(sessions.database.tables.contactNumbers).toMatchObject([{ lid, phoneNumber }])
  })

  it('confirms under the anonymous address what was sent to the number', async () => {
    const seed = createMemorySeed(sessions.database)
    const [instance] = sessions.database.tables.instances
    const owner = { customerId: instance!.customerId, instanceId: session.instanceId }
    const request = textTo(contact.phoneNumber, 'to the number')
    await seedMessage(seed, owner, { ...request, id: request.messageId, chat: contact.phoneNumber, status: 'queued' })
    expect(await connection.send(request)).toEqual({ outcome: 'acked' })
    await contact.waitForShown(request.waMessageId)
    await contact.simulated.markRead(phone.simulated.lid)
    const { receipt } = await connection.told('receipt', (told) => told.receipt.status === 'read')
    await createMemoryOutbox(sessions.database).applyReceipt(session.fence, receipt)
    expect(world.messageState(request.messageId)).toMatchObject({ status: 'read' })
  })
})

describe('what a contact writes to a group', () => {
  const group = '120363000000000001@g.us'
  const write = (body: string) => contact.simulated.sendGroupText({ jid: group, members: [phone.phoneNumber] }, body)
  const encTypesOf = (id: string) => rowsOf(id).map(({ stanza }) => stanza['enc_type'])

  it('is one message in the chat of the group, whether the key comes with it or is known', async () => {
    const [first, second] = [await write('with the key'), await write('without')]
    await contact.delivered(second.id)
    await project()
    expect([encTypesOf(first.id), encTypesOf(second.id)]).toEqual([['pkmsg', 'skmsg'], ['skmsg']])
    const place = { chat: group, sender: contact.phoneNumber, status: 'received' }
    expect(messages()).toMatchObject([
      { waMessageId: first.id, ...place, content: { type: 'text', text: { body: 'with the key' } } },
      { waMessageId: second.id, ...place, content: { type: 'text', text: { body: 'without' } } },
    ])
    expect(events().map(({ type, data }) => [type, data['wa_message_id'], data['chat']])).toEqual([
      ['message.received', first.id, group],
      ['message.received', second.id, group],
    ])
  })

  it('I7: killed between the key and the message, both come again: each has its row, and the message is one', async () => {
    const stored = { ...sessions.keys }
    let killed = false
    sessions.keys.commit = (fence, change) => {
      if (killed || !change.journal?.some(({ stanza }) => stanza['enc_type'] === 'skmsg'))
        return stored.commit(fence, change)
      killed = true
      return Promise.reject(new Error('killed'))
    }
    const { id } = await write('still there')
    await connection.told('closed')
    expect(encTypesOf(id)).toEqual(['pkmsg'])
    expect(contact.simulated.sentStatus(id)?.deliveredTo).toEqual([])
    await openRecorded(world.driver, session).told('open')
    await contact.delivered(id)
    await project()
    expect(encTypesOf(id)).toEqual(['pkmsg', 'skmsg'])
    expect(messages()).toMatchObject([{ waMessageId: id, chat: group }])
    expect(events().map(({ type }) => type)).toEqual(['message.received'])
  })

  it('that cannot be decrypted is asked for again, and what follows needs no asking', async () => {
    corrupt(1)
    const { id } = await write('once more')
    await contact.delivered(id)
    const next = await write('next')
    await contact.delivered(next.id)
    await project()
    expect(contact.simulated.counters().retriesServed).toBe(1)
    expect(events().map(({ type, data }) => [type, data['wa_message_id'], data['chat']])).toEqual([
      ['message.undecryptable', id, group],
      ['message.received', id, group],
      ['message.undecryptable', id, group],
      ['message.received', next.id, group],
    ])
  })
})

describe('a message that cannot be decrypted', () => {
  it('is told, asked for again, and shown under the id that was told', async () => {
    corrupt(1)
    const { id } = await contact.sendText(phone.phoneNumber, 'once more')
    await contact.delivered(id)
    await waitFor(() => rowsOf(id).length === 2, { what: 'the second copy in the journal' })
    await project()
    const told = events().filter(({ type }) => type.startsWith('message.'))
    expect(told).toMatchObject([
      { type: 'message.undecryptable', data: { wa_message_id: id, chat: contact.phoneNumber, resolved: false } },
      { type: 'message.received', data: { wa_message_id: id, text: { body: 'once more' } } },
      { type: 'message.undecryptable', data: { wa_message_id: id, resolved: true } },
    ])
    const messageId = told[1]?.data['id']
    expect(told.map(({ data }) => data['message_id'] ?? data['id'])).toEqual([messageId, messageId, messageId])
  })

  it('holds up nothing behind it, and is told once however often it fails', async () => {
    const fault = corrupt()
    const lost = await contact.sendText(phone.phoneNumber, 'never readable')
    await waitFor(() => contact.simulated.counters().retriesServed > 1, { what: 'a second try', timeoutMs: 20_000 })
    world.simulator.faults.remove(fault)
    const behind = await contact.sendText(phone.phoneNumber, 'behind it')
    await waitFor(() => rowsOf(behind.id)[0], { what: 'the message behind it' })
    await project()
    const about = (id: string) => events().filter(({ data }) => data['wa_message_id'] === id)
    expect(about(lost.id).filter(({ data }) => data['resolved'] === false)).toHaveLength(1)
    expect(about(behind.id)).toMatchObject([{ type: 'message.received' }])
  })

  it('is durable before its sender is asked again: killed before, it fails again and is told once', async () => {
    corrupt(2)
    const stored = { ...sessions.keys }
    let killed = false
    sessions.keys.commit = (fence, change) => {
      if (killed || !change.journal?.some(({ stanza }) => stanza['undecryptable'] === 'true'))
        return stored.commit(fence, change)
      killed = true
      return Promise.reject(new Error('killed'))
    }
    const { id } = await contact.sendText(phone.phoneNumber, 'still there')
    await connection.told('closed')
    expect(contact.simulated.counters().retriesServed).toBe(0)
    expect(rowsOf(id)).toEqual([])
    await openRecorded(world.driver, session).told('open')
    await contact.delivered(id)
    await project()
    expect(events().map(({ type }) => type)).toEqual([
      'message.undecryptable',
      'message.received',
      'message.undecryptable',
    ])
  })
})

it('I8: the sender sends the same id in a new ciphertext: two journal rows, one message, one event', async () => {
  const { id } = await contact.sendText(phone.phoneNumber, 'same')
  await contact.delivered(id)
  await contact.simulated.sendText(phone.phoneNumber, 'same', { id })
  await waitFor(() => rowsOf(id).length === 2, { what: 'two rows' })
  await project()
  expect(messages()).toMatchObject([{ waMessageId: id, status: 'received' }])
  expect(events().map(({ type }) => type)).toEqual(['message.received'])
})

it('what waited while the session was away (`append`, as Baileys calls it) counts like what comes live (`notify`)', async () => {
  await connection.close()
  const waited = await contact.sendText(phone.phoneNumber, 'while away')
  await openRecorded(world.driver, session).told('open')
  await contact.delivered(waited.id)
  const live = await contact.sendText(phone.phoneNumber, 'while there')
  await contact.delivered(live.id)
  await project()
  expect(events().map(({ type, data }) => [type, data['wa_message_id']])).toEqual([
    ['message.received', waited.id],
    ['message.received', live.id],
  ])
})
