import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newId, type InstanceId, type MessageId } from '#contracts/ids.ts'
import type { MessageStatus } from '#contracts/message-status.ts'
import { newWaMessageId } from '#core/rules/wa-message-id.ts'
import { openTestDatabase, testDatabaseKinds, type TestDatabase } from '#local/testing/test-databases.ts'
import { waitFor } from '#local/testing/wait-for.ts'
import type { Phone } from '#simulator/api.ts'
import { loseRetryReceipts } from '#worker-node/testing/lose-retry-receipts.ts'
import { startProcessFleet, type FleetServer, type ProcessFleet } from '#worker-node/testing/process-fleet.ts'

let database: TestDatabase
let fleet: ProcessFleet
let one: FleetServer
let two: FleetServer
let ids: InstanceId[]
let phones: Phone[]
let contact: Phone

// PGlite is one process with one session; two workers that fight over rows need a real PostgreSQL.
const kind = testDatabaseKinds().at(-1) ?? 'pglite'

beforeAll(async () => {
  database = await openTestDatabase(kind)
  fleet = await startProcessFleet(database.url, 2)
  const [first, second] = fleet.servers
  if (first === undefined || second === undefined) throw new Error('There are two servers.')
  one = first
  two = second
  await Promise.all([one.start(), two.start()])
  const added = await fleet.addInstances(one, 4)
  ids = added.map(({ instanceId }) => instanceId)
  phones = added.map(({ phone }) => phone)
  contact = await fleet.simulator.makePhone()
})

afterAll(async () => {
  await fleet.stop()
  await database.close()
})

const untilConnectedAt = (server: FleetServer, count = ids.length) =>
  waitFor(async () => (await fleet.connectedAt(server)).length === count, {
    what: `${count} instances to be connected there`,
    timeoutMs: 40_000,
    intervalMs: 50,
  })

async function historyOf(instanceId: InstanceId): Promise<string[]> {
  const events = await fleet.seed.rows('events', { instanceId, type: 'instance.state_changed' })
  return events
    .toSorted((a, b) => (a.sequence ?? 0) - (b.sequence ?? 0))
    .map(({ data }) => (typeof data.reason === 'string' ? `${String(data.state)}/${data.reason}` : String(data.state)))
}

let sent = 0
/** Puts the next text into the outbox of an instance. */
async function queue(instanceId: InstanceId): Promise<{ id: MessageId; body: string }> {
  const [id, body] = [newId('message'), `text ${++sent}`]
  await fleet.seed.insert('messages', {
    id,
    customerId: fleet.customerId,
    instanceId,
    direction: 'outbound',
    chat: contact.phoneNumber,
    sender: 'self',
    waMessageId: newWaMessageId(),
    type: 'text',
    content: { type: 'text', text: { body } },
    status: 'queued',
  })
  return { id, body }
}

/** Sends a text from each instance; resolves when the contact's phone shows them all. */
async function sendFromAll(): Promise<void> {
  const queued = await Promise.all(ids.map(queue))
  for (const { body } of queued) await contact.waitForMessage((message) => message.body === body)
}

async function untilStatus(id: MessageId, status: MessageStatus): Promise<void> {
  await waitFor(async () => (await fleet.seed.rows('messages', { id }))[0]?.status === status, {
    what: `the message to be ${status}`,
    timeoutMs: 20_000,
  })
}
const shown = () => phones.flatMap(({ phoneNumber }) => contact.shown(phoneNumber)).map(({ body }) => body)

describe('a fleet of two servers', () => {
  it('drains one while messages flow: each instance goes over, and every message is shown once', async () => {
    await sendFromAll()
    await fleet.seed.update('servers', { id: one.id }, { status: 'draining' })
    await sendFromAll()
    await untilConnectedAt(two)
    await sendFromAll()
    for (const id of ids)
      expect((await historyOf(id)).slice(-3)).toEqual(['disconnected/moved', 'starting', 'connected'])
    expect(await fleet.seed.rows('instanceLeases', { serverId: one.id })).toEqual([])
    // A receipt that the one server had not stored yet is told to the other.
    for (const { id } of await fleet.seed.rows('messages', { direction: 'outbound' }))
      await untilStatus(id, 'delivered')
    await fleet.seed.update('servers', { id: one.id }, { status: 'active' })
  })

  it('answers the retry receipt of a device from the database, on a server that never sent the message', async () => {
    const [instanceId, phone] = [ids[0], phones[0]]
    if (instanceId === undefined || phone === undefined) throw new Error('There are four instances.')
    const untilLost = loseRetryReceipts(fleet.simulator.faults, phone.phoneNumber)
    const { id, body } = await queue(instanceId)
    await untilStatus(id, 'sent')
    await untilLost()
    expect(shown()).not.toContain(body)
    await fleet.seed.update('instanceLeases', { instanceId }, { serverId: one.id })
    await untilConnectedAt(one, 1)
    await contact.waitForMessage((message) => message.body === body)
    await untilStatus(id, 'delivered')
    await fleet.seed.update('instanceLeases', { instanceId }, { serverId: two.id })
    await untilConnectedAt(two)
  })

  it('takes a killed worker back at once on the same host, without waiting for the end of its lease', async () => {
    const before = (await fleet.seed.rows('servers', { id: two.id }))[0]
    await two.end('SIGKILL')
    await two.start()
    await untilConnectedAt(two)
    expect(await two.log()).toContain('The last run on this host is dead: its lease is ended.')
    expect((await fleet.seed.rows('servers', { id: two.id }))[0]?.incarnation).not.toBe(before?.incarnation)
    for (const id of ids) expect(await historyOf(id)).not.toContain('disconnected/worker-lost')
    await sendFromAll()
  })

  it('waits for a worker that is only stopped by a signal, however long its successor has been there', async () => {
    const incarnation = async () => (await fleet.seed.rows('servers', { id: two.id }))[0]?.incarnation
    const before = await incarnation()
    const stopped = two.process
    stopped?.kill('SIGSTOP')
    const started = two.start()
    await waitFor(async () => (await two.log()).includes('Another run holds the lease of this server'), {
      what: 'the successor to wait',
      timeoutMs: 20_000,
    })
    expect(await incarnation()).toBe(before)
    stopped?.kill('SIGKILL')
    await started
    await untilConnectedAt(two)
    await sendFromAll()
  })

  it('takes over what a worker leaves that dies and does not come back, and tells it', async () => {
    await two.end('SIGKILL')
    // What the database's clock does by itself in 12 s.
    await fleet.seed.update('servers', { id: two.id }, { leaseExpiresAt: new Date(0) })
    await untilConnectedAt(one)
    for (const id of ids) {
      expect((await historyOf(id)).slice(-3)).toEqual(['disconnected/worker-lost', 'starting', 'connected'])
    }
    await sendFromAll()
    expect(await one.log()).toContain('The lease of a server ran out: its instances are taken over.')
  })

  it('hands everything over at SIGTERM, and has shown every message once in the end', async () => {
    await two.start()
    await one.end('SIGTERM')
    await untilConnectedAt(two)
    await sendFromAll()
    expect(shown().toSorted()).toEqual(Array.from({ length: sent }, (_, index) => `text ${index + 1}`).toSorted())
  })
})
