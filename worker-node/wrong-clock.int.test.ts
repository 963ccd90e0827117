import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { InstanceId } from '#contracts/ids.ts'
import { waitFor } from '#local/testing/wait-for.ts'
import type { Phone } from '#simulator/api.ts'
import { workerEnvironment } from '#worker-node/testing/worker-environment.ts'
import { makeWorkerWorld, type WorkerWorld } from '#worker-node/testing/worker-world.ts'

const hourMs = 3_600_000

let world: WorkerWorld
let child: ChildProcess
let printed = ''
let instanceId: InstanceId
let own: Phone
let contact: Phone

beforeAll(async () => {
  world = await makeWorkerWorld()
  own = await world.simulator.makePhone()
  contact = await world.simulator.makePhone()
  instanceId = await world.addInstance()
  child = fork(fileURLToPath(new URL('testing/wrong-clock-worker.ts', import.meta.url)), [], {
    execArgv: ['--import', 'tsx'],
    env: { PATH: process.env['PATH'], ...workerEnvironment(world), WRONG_BY_MS: String(hourMs) },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  child.stdout?.on('data', (chunk: Buffer) => (printed += String(chunk)))
  await world.waitForState(instanceId, 'pairing')
  const shown = await waitFor(async () => (await world.seed.rows('events', { type: 'instance.qr' }))[0], {
    what: 'the QR code as an event',
  })
  await own.scan(String(shown.data['qr']))
  await world.waitForState(instanceId, 'connected')
}, 60_000)

afterAll(async () => {
  const ended = once(child, 'close')
  child.kill('SIGKILL')
  await ended
  await world.stop()
})

const timesLost = () => printed.split('The lease of this server is lost').length - 1
const connectionIds = () => world.simulator.connections().map(({ id }) => id)
const lines = () =>
  printed
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as { message: string; port: number })
const url = () => `http://127.0.0.1:${lines().find(({ message }) => message === 'The worker listens.')?.port}`
const server = async () => (await world.seed.rows('servers', { id: world.serverId }))[0]

/** The worker has renewed its lease so often that a step between two renewals would have been seen. */
async function afterTwoRenewals(): Promise<void> {
  for (let times = 0; times < 2; times += 1) {
    const before = (await server())?.leaseExpiresAt?.getTime()
    await waitFor(async () => (await server())?.leaseExpiresAt?.getTime() !== before, {
      what: 'a renewal of the lease',
      timeoutMs: 10_000,
    })
  }
}

/** One message each way, the webhook signed with a time that its receiver accepts, and a command with a fresh token. */
async function exchange(text: string): Promise<void> {
  const id = await world.queueText(instanceId, contact.phoneNumber, text)
  expect(await world.command({ url }, instanceId, 'outbox', { message_id: id, wait_ms: 0 })).toMatchObject({
    status: 200,
  })
  const shown = await contact.waitForMessage(({ body }) => body === text)
  expect(shown.rawStanzas).toBe(1)
  await contact.sendText(own.phoneNumber, `${text} too`)
  await waitFor(
    () =>
      world.sink.received.some(
        ({ verified, event }) =>
          verified && event?.type === 'message.received' && JSON.stringify(event.data).includes(`${text} too`),
      ),
    { what: 'the webhook with a good signature', timeoutMs: 10_000 },
  )
  await waitFor(async () => (await world.seed.rows('messages', { id }))[0]?.status === 'delivered', {
    what: 'the delivered receipt',
  })
}

it('an hour off, everything works and nothing reconnects', async () => {
  const before = connectionIds()
  await exchange('wrong by an hour')
  const [sent] = (await world.seed.rows('messages', { instanceId })).filter(({ direction }) => direction === 'outbound')
  expect(Math.abs((sent?.sentAt?.getTime() ?? 0) - Date.now())).toBeLessThan(hourMs / 2)
  await afterTwoRenewals()
  expect(connectionIds()).toEqual(before)
  expect(timesLost()).toBe(0)
}, 60_000)

it('a step of a second costs nothing, one of more than two seconds one reconnect', async () => {
  const before = connectionIds()
  child.send(1_000)
  await afterTwoRenewals()
  expect(connectionIds()).toEqual(before)
  expect(timesLost()).toBe(0)

  const { incarnation } = (await server()) ?? {}
  child.send(-hourMs)
  await waitFor(() => timesLost() === 1, { what: 'the worker to notice', timeoutMs: 10_000 })
  // What the database's clock does by itself in 12 s.
  await world.seed.update('servers', { id: world.serverId }, { leaseExpiresAt: new Date(0) })
  await waitFor(() => connectionIds().some((id) => !before.includes(id)), {
    what: 'the next connection',
    timeoutMs: 20_000,
  })
  await world.waitForState(instanceId, 'connected')
  expect((await server())?.incarnation).not.toBe(incarnation)
  const after = connectionIds()
  await exchange('after the step')
  await afterTwoRenewals()
  expect(connectionIds()).toEqual(after)
  expect(timesLost()).toBe(1)
}, 90_000)
