import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SessionChange, SessionKeys } from '#core/ports/session-keys.ts'
import type { OutboundContent } from '#contracts/message-content.ts'
import { baileysClient } from '#simulator/testing/baileys-client.ts'
import { makeBaileysWorld, type BaileysWorld } from '#worker-node/testing/baileys-world.ts'
import { pairedConnection, textTo } from '#worker-node/testing/driver-conformance.ts'
import { loseRetryReceipts } from '#worker-node/testing/lose-retry-receipts.ts'
import type { TestSession } from '#worker-node/testing/driver-world.ts'
import { createMemorySessions } from '#worker-node/testing/memory-sessions.ts'
import { openRecorded, type RecordedConnection } from '#worker-node/testing/recorded-connection.ts'

/** A process that ends at a chosen write: what follows an error of the store is what follows a crash, without the crash. */
type CrashPoint = 'before-commit' | 'after-commit'
class Crash extends Error {}

type BaileysPhone = Awaited<ReturnType<BaileysWorld['makePhone']>>

const sentContents = new Map<string, OutboundContent>()
let sessions: ReturnType<typeof createMemorySessions>
let crash: { at: CrashPoint; when: (change: SessionChange) => boolean } | undefined
let gate: { when: (change: SessionChange) => boolean; open: Promise<void> } | undefined
let world: BaileysWorld
let session: TestSession
let phone: BaileysPhone
let contact: BaileysPhone
let connection: RecordedConnection

/** Keys that crash once where the test asks for it. */
function crashingKeys(keys: SessionKeys): SessionKeys {
  return {
    ...keys,
    async commit(fence, change) {
      if (gate?.when(change)) await gate.open
      const planned = crash?.when(change) ? crash.at : undefined
      if (planned !== undefined) crash = undefined
      if (planned === 'before-commit') throw new Crash('killed')
      const became = await keys.commit(fence, change)
      if (planned === 'after-commit') throw new Crash('killed')
      return became
    },
  }
}

const receiving = (change: SessionChange) => change.journal !== undefined
const sending = (change: SessionChange) => change.sending !== undefined
const reopen = async () => {
  const next = openRecorded(world.driver, session)
  await next.told('open')
  return next
}
const rowsOf = (id: string) => world.journal(session).filter((row) => row.waMessageId === id)
const journaledOf = (ids: readonly string[]) =>
  world
    .journal(session)
    .flatMap(({ waMessageId }) => (waMessageId !== null && ids.includes(waMessageId) ? [waMessageId] : []))
const shownByContact = () => contact.shown(phone.phoneNumber).map(({ body }) => body)

beforeEach(async () => {
  crash = gate = undefined
  sentContents.clear()
  sessions = createMemorySessions()
  world = await makeBaileysWorld({
    keys: crashingKeys(sessions.keys),
    findSent: async (_instanceId, waMessageId) => sentContents.get(waMessageId),
    sessions,
  })
  session = await world.newSession()
  phone = await world.makePhone()
  contact = await world.makePhone()
  connection = await pairedConnection(world.driver, session, phone)
  // Both have a session, so that no key exchange is mixed into what follows.
  await connection.send(textTo(contact.phoneNumber, 'warm up'))
  await contact.delivered((await contact.sendText(phone.phoneNumber, 'warm up')).id)
})
afterEach(() => world.stop())

describe('receiving', () => {
  it('sends the receipt only when ratchet and plaintext are durable', async () => {
    let open = () => {}
    gate = { when: receiving, open: new Promise((resolve) => (open = resolve)) }
    const { id } = await contact.sendText(phone.phoneNumber, 'wait for it')
    await world.simulator.waitForConnection(({ queued }) => queued === 1)
    const device = `${phone.simulated.jid.split('@')[0]}:1@s.whatsapp.net`
    expect(contact.simulated.sentStatus(id)?.deliveredTo).not.toContain(device)
    expect(rowsOf(id)).toEqual([])

    open()
    await contact.delivered(id)
    expect(contact.simulated.sentStatus(id)?.deliveredTo).toContain(device)
    expect(rowsOf(id)).toHaveLength(1)
  })

  it.each([
    ['I2: killed before the commit', 'before-commit'],
    ['I3: killed between the commit and the receipt', 'after-commit'],
  ] as const)('%s: comes again and is kept once, with no retry and no refusal sent', async (_name, at) => {
    crash = { at, when: receiving }
    const { id } = await contact.sendText(phone.phoneNumber, 'survives')
    expect((await connection.told('closed')).cause.kind).toBe('internal-error')
    expect(rowsOf(id)).toHaveLength(at === 'after-commit' ? 1 : 0)

    await reopen()
    await contact.delivered(id)
    expect(rowsOf(id)).toHaveLength(1)
    expect(contact.simulated.counters().retriesServed).toBe(0)
  })

  it.each([
    ['before', 'before-commit'],
    ['after', 'after-commit'],
  ] as const)('killed %s a commit of several messages: all come again, in order, each kept once', async (_name, at) => {
    let open = () => {}
    gate = { when: receiving, open: new Promise((resolve) => (open = resolve)) }
    crash = { at, when: ({ journal = [] }) => journal.length > 1 }
    const bodies = ['one', 'two', 'three', 'four', 'five']
    const ids: string[] = []
    for (const body of bodies) ids.push((await contact.sendText(phone.phoneNumber, body)).id)
    await world.simulator.waitForConnection(({ queued }) => queued === bodies.length)
    // The first is held up in its commit; the others have been sent, and are decrypted meanwhile.
    for (let turns = 0; turns < 200; turns++) await new Promise((resolve) => setImmediate(resolve))
    open()
    expect((await connection.told('closed')).cause.kind).toBe('internal-error')
    expect(ids.map((id) => rowsOf(id).length)).toEqual(at === 'after-commit' ? [1, 1, 1, 1, 1] : [1, 0, 0, 0, 0])

    await reopen()
    await Promise.all(ids.map((id) => contact.delivered(id)))
    expect(journaledOf(ids)).toEqual(ids)
    expect(contact.simulated.counters().retriesServed).toBe(0)
  })

  it('confirms in the order of arrival what was committed together', async () => {
    let open = () => {}
    gate = { when: receiving, open: new Promise((resolve) => (open = resolve)) }
    const others = await Promise.all(Array.from({ length: 3 }, () => world.makePhone()))
    const senders = [contact, ...others, contact, ...others]
    const sent: string[] = []
    for (const sender of senders) sent.push((await sender.sendText(phone.phoneNumber, 'hello')).id)
    await world.simulator.waitForConnection(({ queued }) => queued === senders.length)
    open()
    await Promise.all(senders.map((sender, n) => sender.delivered(sent[n] ?? '')))
    expect(journaledOf(sent)).toEqual(sent)
  })

  it('cut while its commit is on its way: comes again and is kept once', async () => {
    let open = () => {}
    gate = { when: receiving, open: new Promise((resolve) => (open = resolve)) }
    const { id } = await contact.sendText(phone.phoneNumber, 'not read')
    await world.simulator.waitForConnection(({ queued }) => queued === 1)
    world.disconnect(phone, 'drop')
    open()
    await connection.told('closed')
    await reopen()
    await contact.delivered(id)
    expect(rowsOf(id)).toHaveLength(1)
  })

  it('keeps a stanza that the server delivers twice once', async () => {
    world.simulator.faults.add({
      action: { kind: 'duplicate' },
      direction: 'to-device',
      phoneNumber: phone.phoneNumber,
      times: 1,
    })
    const { id } = await contact.sendText(phone.phoneNumber, 'twice')
    await contact.delivered(id)
    const after = await contact.sendText(phone.phoneNumber, 'after')
    await contact.delivered(after.id)
    expect(rowsOf(id)).toHaveLength(1)
    expect(contact.simulated.counters().retriesServed).toBe(0)
  })

  it('asks again for what it could not decrypt, and keeps that', async () => {
    world.simulator.faults.add({
      action: { kind: 'corrupt' },
      direction: 'to-device',
      phoneNumber: phone.phoneNumber,
      times: 1,
    })
    const { id } = await contact.sendText(phone.phoneNumber, 'once more')
    await expect.poll(() => rowsOf(id), { timeout: 10_000 }).toHaveLength(1)
    expect(contact.simulated.counters().retriesServed).toBe(1)
  })
})

describe('sending', () => {
  it.each([
    ['O5: killed before the ratchet was durable', 'before-commit'],
    ['O6: killed between the ratchet commit and the wire', 'after-commit'],
  ] as const)('%s: nothing was on the wire, and the same id shows once', async (_name, at) => {
    crash = { at, when: sending }
    const request = textTo(contact.phoneNumber, 'exactly once')
    const stanzasBefore = contact.simulated.counters().rawStanzas
    expect(await connection.send(request)).toEqual({ outcome: 'unconfirmed' })
    await connection.told('closed')
    const next = await reopen()
    expect(await next.send(request)).toEqual({ outcome: 'acked' })
    await contact.waitForShown(request.waMessageId)
    expect(await next.send(textTo(contact.phoneNumber, 'and the next'))).toEqual({ outcome: 'acked' })
    await expect.poll(shownByContact).toEqual(['warm up', 'warm up', 'exactly once', 'and the next'])
    expect(contact.simulated.counters().undecryptable).toBe(0)
    // The two that are shown, and nothing of the attempt that ended before the wire.
    expect(contact.simulated.counters().rawStanzas).toBe(stanzasBefore + 2)
  })

  it('O7: killed between the wire and the ack: two stanzas, one message', async () => {
    world.loseNextAck(phone)
    const request = textTo(contact.phoneNumber, 'two stanzas')
    expect(await connection.send(request)).toEqual({ outcome: 'unconfirmed' })
    await connection.told('closed')
    const next = await reopen()
    expect(await next.send(request)).toEqual({ outcome: 'acked' })
    const shown = await contact.simulated.waitForMessage(
      ({ id, rawStanzas }) => id === request.waMessageId && rawStanzas === 2,
    )
    expect(shown.body).toBe('two stanzas')
    expect(shownByContact().filter((body) => body === 'two stanzas')).toHaveLength(1)
  })

  it('is unconfirmed when the server takes it and says nothing', async () => {
    const quick = await makeBaileysWorld({ timings: { ackTimeoutMs: 300 } })
    try {
      const [own, other] = [await quick.makePhone(), await quick.makePhone()]
      const sender = await pairedConnection(quick.driver, await quick.newSession(), own)
      await sender.send(textTo(other.phoneNumber, 'first'))
      quick.simulator.faults.add({ action: { kind: 'drop' }, phoneNumber: own.phoneNumber, times: 1 })
      expect(await sender.send(textTo(other.phoneNumber, 'swallowed'))).toEqual({ outcome: 'unconfirmed' })
      expect(await sender.send(textTo(other.phoneNumber, 'next'))).toEqual({ outcome: 'acked' })
    } finally {
      await quick.stop()
    }
  })

  it('counts as sent with stock Baileys, although the server never got it', async () => {
    const own = await world.makePhone()
    const client = baileysClient(world.simulator)
    try {
      client.connect()
      await own.scan(await client.qr())
      await client.closed()
      client.connect()
      await client.open()
      world.simulator.faults.add({ action: { kind: 'drop' }, phoneNumber: own.phoneNumber, times: 1 })
      await client.socket.sendMessage(contact.simulated.jid, { text: 'swallowed' })
      // What was swallowed would have come before this one.
      const next = await client.socket.sendMessage(contact.simulated.jid, { text: 'next' })
      await contact.waitForShown(next?.key.id ?? '')
      expect(contact.shown(own.phoneNumber).map(({ body }) => body)).toEqual(['next'])
    } finally {
      await client.stop()
    }
  })

  it('encrypts again what a device could not read', async () => {
    world.simulator.faults.add({ action: { kind: 'corrupt' }, phoneNumber: phone.phoneNumber, times: 1 })
    const request = textTo(contact.phoneNumber, 'read me again')
    expect(await connection.send(request)).toEqual({ outcome: 'acked' })
    await contact.waitForShown(request.waMessageId)
    expect(contact.simulated.counters().undecryptable).toBe(1)
  })

  it('encrypts again after a restart too, from what the database kept', async () => {
    const request = textTo(contact.phoneNumber, 'from the database')
    const untilLost = loseRetryReceipts(world.simulator.faults, phone.phoneNumber)
    expect(await connection.send(request)).toEqual({ outcome: 'acked' })
    await untilLost()
    await connection.close()
    sentContents.set(request.waMessageId, request.content)
    await reopen()
    await contact.waitForShown(request.waMessageId)
    expect(shownByContact()).toContain('from the database')
  })
})
