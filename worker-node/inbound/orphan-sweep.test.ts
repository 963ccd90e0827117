import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { InstanceId } from '#contracts/ids.ts'
import { orphanedAfterMs, type JournalRow } from '#core/ports/inbound.ts'
import { createMemoryDatabase, type MemoryDatabase } from '#core/testing/memory-database.ts'
import { createMemoryInbound } from '#core/testing/memory-inbound.ts'
import { createMemorySeed, seedCustomer, seedInstance, seedServer } from '#core/testing/seed.ts'
import { silentLog } from '#worker-node/log.ts'
import type { Loop } from '#worker-node/loop.ts'
import { startOrphanSweep } from './orphan-sweep.ts'
import { createRowProjector } from './project-rows.ts'

let database: MemoryDatabase
let instanceId: InstanceId
let sweep: Loop
const told = vi.fn()

beforeEach(async () => {
  vi.useFakeTimers()
  told.mockClear()
  database = createMemoryDatabase()
  const seed = createMemorySeed(database)
  instanceId = await seedInstance(seed, { customerId: await seedCustomer(seed), serverId: await seedServer(seed) })
})
afterEach(async () => {
  await sweep.stop()
  vi.useRealTimers()
})

/** Plaintexts are texts; version 1 cannot read `new`. */
function start(version = '1.0.0'): void {
  const inbound = createMemoryInbound(database)
  const decode = ({ waMessageId, plaintext }: JournalRow) => {
    const body = new TextDecoder().decode(plaintext)
    if (body === 'new' && version === '1.0.0') throw new RangeError('unknown field')
    const chat = '+5511999990002'
    return { waMessageId: waMessageId ?? '', chat, sender: chat, content: { type: 'text', text: { body } } as const }
  }
  const project = createRowProjector({ inbound, decode, version, log: silentLog })
  sweep = startOrphanSweep({ inbound, project, version, intervalMs: 5_000, log: silentLog, onProjected: told })
}

const journal = (body: string) =>
  database.insert('inboundJournal', {
    instanceId,
    ciphertextHash: new TextEncoder().encode(body),
    waMessageId: body,
    stanza: {},
    plaintext: new TextEncoder().encode(body),
    epoch: 1,
  })
const orphan = () => Object.assign(database.tables.instanceLeases[0]!, { ownerIncarnation: null })
const shown = () => database.tables.messages.map(({ waMessageId }) => waMessageId)
const pass = (ms = 0) => vi.advanceTimersByTimeAsync(ms)

it('I4: killed between the receipt and the projection: another worker projects, though it does not own the instance', async () => {
  journal('one')
  journal('two')
  start()
  await pass(3 * orphanedAfterMs)
  expect(shown()).toEqual([])
  orphan()
  await pass(5_000)
  expect(shown()).toEqual(['one', 'two'])
  expect(told).toHaveBeenCalledTimes(1)
})

it('leaves young rows to the owner that may be on its way', async () => {
  orphan()
  start()
  await pass(1_000)
  journal('young')
  await pass(4_500)
  expect(shown()).toEqual([])
  await pass(5_000)
  expect(shown()).toEqual(['young'])
})

it('looks again, once, at what another version could not decode', async () => {
  orphan()
  journal('new')
  start()
  await pass(2 * orphanedAfterMs)
  expect(database.tables.inboundJournal).toMatchObject([{ undecodableBy: '1.0.0' }])
  await sweep.stop()

  start('1.0.0')
  await pass(2 * orphanedAfterMs)
  expect(shown()).toEqual([])
  await sweep.stop()

  start('1.0.1')
  await pass(orphanedAfterMs)
  expect(shown()).toEqual(['new'])
  expect(database.tables.inboundJournal).toMatchObject([{ undecodableBy: null }])
})

it('goes on where the database was away', async () => {
  orphan()
  journal('one')
  await pass(orphanedAfterMs)
  const inbound = createMemoryInbound(database)
  const retrySetAsideAcrossCustomers = vi.fn().mockRejectedValueOnce(new Error('away')).mockResolvedValue(0)
  const project = createRowProjector({
    inbound,
    decode: () => undefined,
    version: '1.0.0',
    log: silentLog,
  })
  sweep = startOrphanSweep({
    inbound: { ...inbound, retrySetAsideAcrossCustomers },
    project,
    version: '1.0.0',
    intervalMs: 5_000,
    log: silentLog,
    onProjected: told,
  })
  await pass(5_000)
  expect(retrySetAsideAcrossCustomers).toHaveBeenCalledTimes(2)
  expect(told).toHaveBeenCalledTimes(1)
})
