import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { ApiError } from '#contracts/errors.ts'
import type { InstanceId } from '#contracts/ids.ts'
import type { Inbound, JournalRow, ProjectedMessage } from '#core/ports/inbound.ts'
import { createMemoryDatabase, type MemoryDatabase } from '#core/testing/memory-database.ts'
import { createMemoryInbound } from '#core/testing/memory-inbound.ts'
import { createMemorySeed, seedCustomer, seedInstance, seedServer } from '#core/testing/seed.ts'
import { silentLog } from '#worker-node/log.ts'
import type { Loop } from '#worker-node/loop.ts'
import { createRowProjector } from './project-rows.ts'
import { startProjector } from './projector.ts'

let database: MemoryDatabase
let inbound: Inbound
let instanceId: InstanceId
let projector: Loop
let instances: InstanceId[]
let refusals: { part: string; error: Error; times: number }[]
const projectAll = vi.fn<Inbound['projectAll']>()
const told = vi.fn()

beforeEach(async () => {
  vi.useFakeTimers()
  told.mockClear()
  database = createMemoryDatabase()
  const stored = createMemoryInbound(database)
  refusals = []
  projectAll.mockReset().mockImplementation((projections) => {
    const text = JSON.stringify(projections)
    const refusal = refusals.find(({ part, times }) => times > 0 && text.includes(part))
    if (refusal === undefined) return stored.projectAll(projections)
    refusal.times -= 1
    return Promise.reject(refusal.error)
  })
  inbound = { ...stored, projectAll }
  const seed = createMemorySeed(database)
  instanceId = await seedInstance(seed, { customerId: await seedCustomer(seed), serverId: await seedServer(seed) })
  instances = [instanceId]
})

afterEach(async () => {
  await projector.stop()
  vi.useRealTimers()
})

/** Plaintexts are texts here; `boom` is one that no decoder survives, `keys` one with nothing to show. */
function decode({ waMessageId, plaintext }: JournalRow): ProjectedMessage | undefined {
  const body = new TextDecoder().decode(plaintext)
  if (body === 'boom') throw new RangeError('index out of range')
  if (body === 'keys') return undefined
  const chat = '+5511999990002'
  return { waMessageId: waMessageId ?? '', chat, sender: chat, content: { type: 'text', text: { body } } }
}

function start(): void {
  projector = startProjector({
    inbound,
    project: createRowProjector({ inbound, decode, version: '1.0.0', log: silentLog }),
    instances: () => instances,
    intervalMs: 5_000,
    log: silentLog,
    onProjected: told,
  })
}

function journal(body: string, waMessageId = body): void {
  database.insert('inboundJournal', {
    instanceId,
    ciphertextHash: crypto.getRandomValues(new Uint8Array(32)),
    waMessageId,
    stanza: {},
    plaintext: new TextEncoder().encode(body),
    epoch: 1,
  })
}

/** Whatever holds a text with this part is refused, so many times. */
function refuse(part: string, error: Error, times = Infinity): void {
  refusals.push({ part, error, times })
}

const shown = () =>
  database.tables.messages.map(({ content }) => (content.type === 'text' ? content.text.body : content.type))
const unprojected = () => database.tables.inboundJournal.filter(({ projectedAt }) => projectedAt === null)
const pass = (ms = 0) => vi.advanceTimersByTimeAsync(ms)

it('shows what is journaled, oldest first, and tells that there are events', async () => {
  journal('one')
  journal('two')
  start()
  await pass()
  expect(shown()).toEqual(['one', 'two'])
  expect(unprojected()).toEqual([])
  expect(told).toHaveBeenCalled()
})

it('looks at once when it is told of a new row, and by itself when it is not', async () => {
  start()
  await pass()
  journal('hinted')
  projector.hint()
  await pass()
  expect(shown()).toEqual(['hinted'])
  journal('swept')
  await pass(5_000)
  expect(shown()).toEqual(['hinted', 'swept'])
})

it('goes on behind a row that cannot be decoded', async () => {
  journal('before')
  journal('boom')
  journal('after')
  start()
  await pass()
  expect(shown()).toEqual(['before', 'after'])
  expect(unprojected()).toEqual([])
})

it('shows nothing for key distributions and the like', async () => {
  journal('keys')
  start()
  await pass()
  expect(shown()).toEqual([])
  expect(unprojected()).toEqual([])
})

it('keeps a row that the database refused for the next turn, and goes on behind it', async () => {
  journal('refused once')
  journal('fine')
  refuse('refused once', new Error('this value cannot be stored'), 2)
  start()
  await pass()
  expect(shown()).toEqual(['fine'])
  await pass(5_000)
  expect(shown()).toEqual(['fine', 'refused once'])
})

it('asks for all that waits in one statement, and for few more around a row that cannot be stored', async () => {
  for (let index = 0; index < 100; index += 1) journal(`row ${index}`)
  start()
  await pass()
  expect(projectAll).toHaveBeenCalledTimes(1)
  for (let index = 0; index < 100; index += 1) journal(index === 50 ? 'poison' : `more ${index}`)
  refuse('poison', new Error('no'))
  await pass(5_000)
  expect(shown()).toHaveLength(199)
  expect(projectAll.mock.calls.length).toBeLessThan(20)
})

it('lets nothing overtake a row that met a database that is away', async () => {
  journal('one')
  journal('two')
  journal('three')
  // Together with others it cannot be stored, and once it is alone the database is away.
  refuse('two', new Error('this value cannot be stored'), 2)
  refuse('two', new ApiError('SERVICE_UNAVAILABLE', 'The database does not answer just now.'), 1)
  start()
  await pass()
  expect(shown()).toEqual(['one'])
  expect(told).toHaveBeenCalledOnce()
  await pass(5_000)
  expect(shown()).toEqual(['one', 'two', 'three'])
})

it('gets behind any number of rows that cannot be stored', async () => {
  for (let index = 0; index < 250; index += 1) journal(`poison ${index}`)
  journal('fine')
  refuse('poison', new Error('no'))
  start()
  await pass(10_000)
  expect(shown()).toEqual(['fine'])
})

it('shows a message once, however often it was delivered', async () => {
  journal('hello', 'A1')
  journal('hello', 'A1')
  start()
  await pass()
  expect(shown()).toEqual(['hello'])
})

it('works through more rows than one turn takes', async () => {
  for (let index = 0; index < 450; index += 1) journal(`m${index}`)
  start()
  await pass()
  expect(shown()).toHaveLength(450)
})

it('leaves the rows of instances alone that this worker does not own', async () => {
  journal('not mine')
  instances = []
  start()
  await pass(10_000)
  expect(unprojected()).toHaveLength(1)
})
