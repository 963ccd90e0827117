import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { InstanceId } from '#contracts/ids.ts'
import { startWorkerProcess, type WorkerProcess } from '#local/stack/worker-process.ts'
import { waitFor } from '#local/testing/wait-for.ts'
import type { Phone } from '#simulator/api.ts'
import { workerEnvironment } from '#worker-node/testing/worker-environment.ts'
import { makeWorkerWorld, type WorkerWorld } from '#worker-node/testing/worker-world.ts'

let world: WorkerWorld
let folder: string
let instanceId: InstanceId
let own: Phone
let contacts: Phone[]

beforeAll(async () => {
  world = await makeWorkerWorld()
  folder = await mkdtemp(path.join(tmpdir(), 'wharf-worker-'))
  own = await world.simulator.makePhone()
  contacts = [await world.simulator.makePhone(), await world.simulator.makePhone()]
  instanceId = await world.addInstance()
})

afterAll(async () => {
  await world.stop()
  await rm(folder, { recursive: true })
})

/** What the database's clock does by itself in 12 s, after the process that held the lease has ended. */
const endLease = () => world.seed.update('servers', { id: world.serverId }, { leaseExpiresAt: new Date(0) })

/** mulberry32: the same moments for the same seed. */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

describe('a worker process that is killed while it sends and receives', () => {
  let worker: WorkerProcess
  const queued = new Map<Phone, string[]>()
  const arrived: string[] = []

  beforeAll(async () => {
    for (const contact of contacts) queued.set(contact, [])
    worker = await startWorkerProcess({
      serverId: world.serverId,
      env: workerEnvironment(world),
      logFile: path.join(folder, 'killed.log'),
      log: () => {},
    })
    await world.waitForState(instanceId, 'pairing')
    const shown = await waitFor(async () => (await world.seed.rows('events', { type: 'instance.qr' }))[0], {
      what: 'the QR code as an event',
    })
    await own.scan(String(shown.data.qr))
    await world.waitForState(instanceId, 'connected')
  })
  afterAll(async () => {
    await worker.stop()
    await endLease()
  })

  const shownBy = (contact: Phone) => contact.shown(own.phoneNumber).filter(({ fromMe }) => !fromMe)
  const shownByAll = () => contacts.reduce((sum, contact) => sum + shownBy(contact).length, 0)
  const queuedForAll = () => [...queued.values()].reduce((sum, bodies) => sum + bodies.length, 0)

  it.each([1, 2, 3, 4])(
    'has every message shown once and in order by its successor, seed %i',
    async (seed) => {
      const random = randomOf(seed)
      const before = shownByAll()
      const sending = Array.from({ length: 6 }, (_, index) =>
        contacts.map(async (contact) => {
          const body = `${seed}.${index}`
          queued.get(contact)?.push(body)
          await world.queueText(instanceId, contact.phoneNumber, body)
        }),
      )
      for (const both of sending) await Promise.all(both)
      for (const [index, contact] of contacts.entries()) {
        const body = `to you ${seed}.${index}`
        arrived.push(body)
        await contact.sendText(own.phoneNumber, body)
      }
      const enough = before + 1 + Math.floor(random() * 8)
      await waitFor(() => shownByAll() >= enough, { what: 'some of the messages', timeoutMs: 20_000 })
      // Somewhere within the next message: its ratchet, its bytes, its ack, its row.
      await delay(random() * 25)
      const killed = worker.pid()
      worker.kill('SIGKILL')
      await waitFor(() => worker.pid() !== killed, { what: 'the successor' })
      await endLease()

      await waitFor(() => shownByAll() === queuedForAll(), { what: 'every message', timeoutMs: 30_000 })
      for (const contact of contacts) expect(shownBy(contact).map(({ body }) => body)).toEqual(queued.get(contact))
      await waitFor(
        async () => {
          const rows = await world.seed.rows('messages', { instanceId })
          const inbound = rows.filter(({ direction }) => direction === 'inbound')
          const bodies = inbound.map(({ content }) => (content.type === 'text' ? content.text.body : ''))
          expect(bodies.toSorted()).toEqual(arrived.toSorted())
          return rows.every(({ status }) => status !== 'queued' && status !== 'sending')
        },
        { what: 'every row to be as it should', timeoutMs: 20_000, intervalMs: 100 },
      )
    },
    60_000,
  )
})

describe('a worker process in which something fails that nobody foresaw', () => {
  it.each(['throw', 'reject'])('ends with code 1, its connections closed and the error masked: %s', async (how) => {
    const entry = fileURLToPath(new URL('testing/failing-worker.ts', import.meta.url))
    const child = fork(entry, [], {
      execArgv: ['--import', 'tsx'],
      env: { PATH: process.env['PATH'], ...workerEnvironment(world) },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    let printed = ''
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (printed += String(chunk)))
    const ended = once(child, 'close')
    await once(child, 'message')
    await world.waitForState(instanceId, 'connected')
    await waitFor(() => world.simulator.connections().length > 0, { what: 'the connection' })
    child.send(how)
    expect(await ended).toEqual([1, null])
    expect(world.simulator.connections()).toEqual([])
    const lines = printed.trim().split('\n')
    expect(lines.map((line) => JSON.parse(line) as { message: string })).toContainEqual(
      expect.objectContaining({
        message: 'Something failed that nobody foresaw: the worker ends.',
        error: { name: 'Error', message: 'no such thing for +***0001' },
      }),
    )
    await endLease()
  })
})
