import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { newId, type MessageId } from '#contracts/ids.ts'
import { selfSender } from '#core/ports/messages.ts'
import { createMemoryDatabase, type MemoryDatabase } from '#core/testing/memory-database.ts'
import { createMemoryOutbox } from '#core/testing/memory-outbox.ts'
import type { MemoryRows } from '#core/testing/memory-rows.ts'
import { createMemorySeed, seedCustomer, seedInstance, seedServer } from '#core/testing/seed.ts'
import { newWaMessageId } from '#core/rules/wa-message-id.ts'
import { silentLog } from '#worker-node/log.ts'
import { createFakeSession, type FakeSession } from '#worker-node/testing/fake-session.ts'
import { createOutboxSender, type OutboxSender } from './outbox-sender.ts'

const anna = '+5511999990002'
const bert = '+5511999990003'

let database: MemoryDatabase
let outbox: ReturnType<typeof createMemoryOutbox>
let sender: OutboxSender
let sessions: FakeSession[]
let session: FakeSession
let addSession: () => Promise<FakeSession>

beforeEach(async () => {
  vi.useFakeTimers()
  database = createMemoryDatabase()
  outbox = createMemoryOutbox(database)
  const seed = createMemorySeed(database)
  const owner = { customerId: await seedCustomer(seed), serverId: await seedServer(seed) }
  sessions = []
  addSession = async () => {
    const instanceId = await seedInstance(seed, owner)
    const added = createFakeSession({ instanceId, epoch: 1, incarnation: 'run-1' })
    sessions.push(added)
    return added
  }
  session = await addSession()
  sender = createOutboxSender({
    outbox,
    sessions: () => sessions,
    intervalMs: 1_000,
    defaultPace: null,
    random: () => 0.5,
    log: silentLog,
    onSettled: () => {},
  })
})

afterEach(() => vi.useRealTimers())

const pass = (ms = 0) => vi.advanceTimersByTimeAsync(ms)

function queue(
  chat: string,
  body: string,
  values: Partial<Pick<MemoryRows['messages'], 'instanceId' | 'notBefore'>> = {},
): MessageId {
  const instanceId = values.instanceId ?? session.instanceId
  const { customerId } = database.tables.instances.find(({ id }) => id === instanceId)!
  return database.insert('messages', {
    id: newId('message'),
    customerId,
    instanceId,
    direction: 'outbound',
    chat,
    sender: selfSender,
    waMessageId: newWaMessageId(),
    type: 'text',
    content: { type: 'text', text: { body } },
    status: 'queued',
    ...values,
  }).id
}

function row(id: MessageId): MemoryRows['messages'] {
  return database.tables.messages.find((message) => message.id === id)!
}

const bodies = (of = session) => of.sent.map(({ content }) => content.text.body)

describe('the outbox', () => {
  it('sends what is queued, in order, and marks it sent after the ack', async () => {
    const ids = [queue(anna, 'one'), queue(anna, 'two'), queue(anna, 'three')]
    sender.start()
    await pass()
    expect(bodies()).toEqual(['one', 'two', 'three'])
    expect(ids.map((id) => row(id).status)).toEqual(['sent', 'sent', 'sent'])
    expect(session.sent[0]).toMatchObject({ messageId: ids[0], waMessageId: row(ids[0]!).waMessageId, to: anna })
  })

  it('finds what nobody hinted at', async () => {
    sender.start()
    await pass()
    queue(anna, 'later')
    await pass(1_000)
    expect(bodies()).toEqual(['later'])
  })

  it('lets one message per chat be on its way, and chats beside each other', async () => {
    session.answer = () => undefined
    queue(anna, 'anna 1')
    queue(anna, 'anna 2')
    queue(bert, 'bert 1')
    sender.start()
    await pass(3_000)
    expect(bodies()).toEqual(['anna 1', 'bert 1'])
    session.respond({ outcome: 'acked' })
    await pass()
    expect(bodies()).toEqual(['anna 1', 'bert 1', 'anna 2'])
  })

  it('lets a flood of one instance delay no other, and keeps no more of it in flight than fits', async () => {
    const other = await addSession()
    for (let index = 0; index < 1_000; index += 1) queue(`+55119${String(index).padStart(8, '0')}`, 'flood')
    session.answer = () => undefined
    const fine = queue(bert, 'fine', { instanceId: other.instanceId })
    sender.start()
    await pass()
    expect(row(fine).status).toBe('sent')
    expect(session.sent).toHaveLength(64)
    session.answer = () => ({ outcome: 'acked' })
    for (let count = 0; count < 64; count += 1) session.respond({ outcome: 'acked' })
    for (let second = 0; second < 5; second += 1) await pass(1_000)
    expect(database.tables.messages.filter(({ status }) => status !== 'sent')).toHaveLength(0)
  })

  it('sends a hinted message at once, however many chats are before it', async () => {
    for (let index = 0; index < 1_000; index += 1)
      queue(`+55118${String(index).padStart(8, '0')}`, 'waits', { notBefore: new Date(Date.now() + 3_600_000) })
    sender.start()
    await pass()
    const id = queue('+999', 'hinted')
    sender.hint(id)
    await pass()
    expect(row(id).status).toBe('sent')
  })

  it('is not held up by a chat that fails or an instance that is silent', async () => {
    const other = await addSession()
    other.answer = () => undefined
    session.answer = ({ to }) => (to === anna ? { outcome: 'unconfirmed' } : { outcome: 'acked' })
    queue(anna, 'stuck')
    queue(anna, 'behind it')
    for (let index = 0; index < 300; index += 1) {
      queue(`+55119${String(index).padStart(8, '0')}`, 'silent', { instanceId: other.instanceId })
    }
    const fine = queue(bert, 'fine')
    sender.start()
    await pass(5_000)
    expect(row(fine).status).toBe('sent')
    expect(bodies()).not.toContain('behind it')
  })

  it('goes on in the chat after a message that others ended, and writes nothing about it', async () => {
    session.answer = ({ content }) => ({ outcome: content.text.body === 'first' ? 'withdrawn' : 'acked' })
    const first = queue(anna, 'first')
    const second = queue(anna, 'second')
    sender.start()
    await pass()
    await outbox.markFailed(session.fence, first, 'CONTENT_INVALID')
    await pass(1_000)
    expect(database.tables.messages.find(({ id }) => id === second)?.status).toBe('sent')
    expect(database.tables.events.map(({ type }) => type)).toEqual(['message.failed', 'message.sent'])
  })

  it('fails a row that is no content at all, and sends what stands behind it', async () => {
    const poison = queue(anna, 'never')
    Object.assign(database.tables.messages.find(({ id }) => id === poison) ?? {}, { content: { type: 'text' } })
    const next = queue(anna, 'next')
    sender.start()
    await pass(1_000)
    expect(database.tables.messages.find(({ id }) => id === poison)).toMatchObject({
      status: 'failed',
      failure: 'CONTENT_INVALID',
    })
    expect(database.tables.messages.find(({ id }) => id === next)?.status).toBe('sent')
    expect(session.sent.map(({ content }) => content.text.body)).toEqual(['next'])
  })

  it('sends what was not confirmed again under the same id after 0, 5, 15, 60 and every 300 seconds', async () => {
    const at: number[] = []
    session.answer = () => {
      at.push(performance.now())
      return { outcome: 'unconfirmed' }
    }
    const id = queue(anna, 'again')
    const startedAt = performance.now()
    sender.start()
    await pass(700_000)
    const seconds = at.map((moment) => Math.floor((moment - startedAt) / 1_000))
    const waits = seconds.slice(1).map((second, index) => second - (seconds[index] ?? 0))
    // A look each second finds what has become due.
    expect(waits.map((wait) => [0, 5, 15, 60, 300].findLast((due) => wait >= due && wait <= due + 1))).toEqual([
      0, 5, 15, 60, 300, 300,
    ])
    expect(new Set(session.sent.map(({ waMessageId }) => waMessageId))).toEqual(new Set([row(id).waMessageId]))
  })

  it('does not wait longer than until the next log-in', async () => {
    session.answer = () => ({ outcome: 'unconfirmed' })
    queue(anna, 'again')
    sender.start()
    await pass(30_000)
    const before = session.sent.length
    session.connects += 1
    sender.hint()
    await pass()
    expect(session.sent.length).toBeGreaterThan(before)
  })

  it.each([
    [{ outcome: 'not-on-whatsapp' }, 'NOT_ON_WHATSAPP'],
    [{ outcome: 'invalid', detail: '' }, 'CONTENT_INVALID'],
    [{ outcome: 'refused', code: 400 }, 'REFUSED_BY_WHATSAPP'],
  ] as const)('ends a message with %o as %s and goes on with the next of the chat', async (outcome, failure) => {
    session.answer = ({ content }) => (content.text.body === 'bad' ? outcome : { outcome: 'acked' })
    const bad = queue(anna, 'bad')
    const next = queue(anna, 'next')
    sender.start()
    await pass()
    expect(row(bad)).toMatchObject({ status: 'failed', failure })
    expect(row(next).status).toBe('sent')
  })

  it.each([
    [463, 'newChatsHeldUntil'],
    [429, 'slowedUntil'],
  ] as const)('remembers and tells, once, that WhatsApp limits the instance (%i)', async (code, column) => {
    session.answer = () => ({ outcome: 'refused', code })
    queue(anna, 'one')
    queue(bert, 'two')
    sender.start()
    await pass()
    expect(database.tables.instances[0]?.[column]).toBeInstanceOf(Date)
    const told = database.tables.events.filter(({ type }) => type === 'instance.sending_limited')
    expect(told).toHaveLength(1)
  })

  it('restricted by WhatsApp: fails that message, holds first messages to new chats for a day, and sends the rest', async () => {
    session.answer = ({ content }) =>
      content.text.body === 'bad' ? { outcome: 'refused', code: 463 } : { outcome: 'acked' }
    queue(bert, 'hello')
    sender.start()
    await pass()
    const bad = queue(anna, 'bad')
    const held = queue(anna, 'held')
    await pass(1_000)
    expect(row(bad)).toMatchObject({ status: 'failed', failure: 'RECIPIENT_RESTRICTED' })
    const known = queue(bert, 'known')
    await pass(24 * 3_600_000 - 10_000)
    expect([row(held).status, row(known).status]).toEqual(['queued', 'sent'])
    await pass(20_000)
    expect(row(held).status).toBe('sent')
  })

  it('too fast for WhatsApp: the message stays and leaves again after a minute, under the same id', async () => {
    let refusals = 1
    session.answer = () => (refusals-- > 0 ? { outcome: 'refused', code: 429 } : { outcome: 'acked' })
    const id = queue(anna, 'again')
    sender.start()
    await pass(59_000)
    expect(session.sent).toHaveLength(1)
    await pass(2_000)
    expect(row(id).status).toBe('sent')
    expect(new Set(session.sent.map(({ waMessageId }) => waMessageId)).size).toBe(1)
  })

  it('sends nothing for a session that is not connected', async () => {
    session.connected = false
    queue(anna, 'waits')
    sender.start()
    await pass(5_000)
    expect(session.sent).toEqual([])
    session.connected = true
    sender.hint()
    await pass()
    expect(bodies()).toEqual(['waits'])
  })

  it('ends the session when the fence no longer holds', async () => {
    session.answer = () => undefined
    const id = queue(anna, 'mine no more')
    sender.start()
    await pass()
    database.tables.instanceLeases[0]!.epoch += 1
    session.respond({ outcome: 'acked' })
    await pass()
    expect(session.over.aborted).toBe(true)
    expect(row(id).status).toBe('queued')
  })

  it('repeats the mark, not the message, when the database is away at the ack', async () => {
    const id = queue(anna, 'once')
    const marking = vi.spyOn(outbox, 'markSent').mockRejectedValueOnce(new Error('connection refused'))
    sender.start()
    await pass(2_000)
    expect(marking).toHaveBeenCalledTimes(2)
    expect(bodies()).toEqual(['once'])
    expect(row(id).status).toBe('sent')
  })

  it('goes on after a look that failed', async () => {
    vi.spyOn(outbox, 'heads').mockRejectedValueOnce(new Error('connection refused'))
    const id = queue(anna, 'later')
    sender.start()
    await pass(1_000)
    expect(row(id).status).toBe('sent')
  })

  it('asks once a second for all of 500 instances that have nothing to send', async () => {
    for (let n = 1; n < 500; n++) await addSession()
    const looking = vi.spyOn(outbox, 'heads')
    sender.start()
    await pass(60_000)
    expect(looking.mock.calls.length).toBeLessThanOrEqual(61)
    expect(new Set(looking.mock.calls.map(([looks]) => looks.length))).toEqual(new Set([500]))
  })

  it('sends nothing new once it is told to stop, and waits for what is on its way', async () => {
    session.answer = () => undefined
    const id = queue(anna, 'on its way')
    queue(anna, 'stays')
    sender.start()
    await pass()
    const stopped = sender.stop()
    session.respond({ outcome: 'acked' })
    await stopped
    await pass(5_000)
    expect(row(id).status).toBe('sent')
    expect(bodies()).toEqual(['on its way'])
  })
})

describe('a request that waits for its message', () => {
  it('is answered at the ack', async () => {
    session.answer = () => undefined
    const id = queue(anna, 'awaited')
    sender.start()
    const settled = sender.settled(session.instanceId, id, 30_000)
    await pass(2_000)
    session.respond({ outcome: 'acked' })
    await pass()
    expect(await settled).toMatchObject({ id, status: 'sent' })
  })

  it('is answered at once when the message is final already', async () => {
    const id = queue(anna, 'gone')
    sender.start()
    await pass()
    expect(await sender.settled(session.instanceId, id, 30_000)).toMatchObject({ status: 'sent' })
  })

  it('is answered with the message as it is when the time is over', async () => {
    session.answer = () => undefined
    const id = queue(anna, 'slow')
    sender.start()
    const settled = sender.settled(session.instanceId, id, 2_000)
    await pass(2_000)
    expect(await settled).toMatchObject({ id, status: 'queued' })
  })

  it('is answered when the worker stops', async () => {
    session.connected = false
    const id = queue(anna, 'waits')
    sender.start()
    const settled = sender.settled(session.instanceId, id, 30_000)
    await pass()
    await sender.stop()
    expect(await settled).toMatchObject({ status: 'queued' })
    expect(vi.getTimerCount()).toBe(0)
  })

  it('for an unknown message is answered with nothing', async () => {
    expect(await sender.settled(session.instanceId, newId('message'), 30_000)).toBeUndefined()
  })
})
