import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { baileysClient } from '#simulator/testing/baileys-client.ts'
import { silentLog } from '#worker-node/log.ts'
import { makeBaileysWorld, type BaileysWorld } from '#worker-node/testing/baileys-world.ts'
import { pairedConnection, textTo } from '#worker-node/testing/driver-conformance.ts'
import { startFreezingProxy, type FreezingProxy } from '#worker-node/testing/driver-freezing-proxy.ts'
import type { TestSession } from '#worker-node/testing/driver-world.ts'
import { openRecorded } from '#worker-node/testing/recorded-connection.ts'
import { createBaileysDriver } from './baileys-driver.ts'
import { defaultTimings } from './driver-options.ts'

const silenceMs = 600
// So seldom that Baileys itself notices nothing in these tests.
const timings = { silenceMs, connectMs: silenceMs, keepAliveMs: 60_000, queryTimeoutMs: 300 }

let world: BaileysWorld
let session: TestSession
let phone: Awaited<ReturnType<BaileysWorld['makePhone']>>
let proxy: FreezingProxy

beforeEach(async () => {
  world = await makeBaileysWorld()
  session = await world.newSession()
  phone = await world.makePhone()
  proxy = await startFreezingProxy(Number(new URL(world.simulator.url).port))
})
afterEach(async () => {
  await world.stop()
  await proxy.stop()
})

/** The driver under test, on the way that can freeze. */
const driver = (changed: Partial<typeof timings> = {}) => {
  const url = new URL(world.simulator.url)
  url.port = String(proxy.port)
  return createBaileysDriver({
    keys: world.sessions.keys,
    findSent: async () => undefined,
    log: silentLog,
    endpoint: { url: url.href, rootPublicKey: world.simulator.rootPublicKey },
    timings: { ...timings, ...changed },
  })
}

/** Paired in peace, since on a busy machine the first log-in takes its time; then opened with the short times. */
async function openedAgain(changed: Partial<typeof timings> = {}) {
  const patient = { silenceMs: 30_000, connectMs: 30_000, queryTimeoutMs: 30_000 }
  await (await pairedConnection(driver(patient), session, phone)).close()
  const connection = openRecorded(driver(changed), session)
  await connection.told('open')
  return connection
}

const lost = expect.objectContaining({ kind: 'connection-lost', detail: `nothing came for ${silenceMs} ms` })

describe('a connection that is dead without having ended', () => {
  it('because the server says nothing any more is given up, and what was being sent is unconfirmed', async () => {
    const connection = await openedAgain()
    const contact = await world.makePhone()
    world.simulator.faults.add({ action: { kind: 'silence' }, phoneNumber: phone.phoneNumber })
    const sending = connection.send(textTo(contact.phoneNumber, 'into the void'))
    expect((await connection.told('closed', undefined, 5_000)).cause).toEqual(lost)
    expect(await sending).toEqual({ outcome: 'unconfirmed' })
  })

  it('because the network forgot it is given up', async () => {
    const connection = await openedAgain()
    proxy.freeze()
    expect((await connection.told('closed', undefined, 5_000)).cause).toEqual(lost)
  })

  it('because the network takes connections and no bytes never opens, and is given up', async () => {
    await (await openedAgain()).close()
    proxy.freeze()
    const connection = openRecorded(driver(), session)
    expect((await connection.told('closed', undefined, 5_000)).cause).toEqual(lost)
    expect(connection.calls).toHaveLength(1)
  })

  it('while it shows a QR code is given up', async () => {
    const connection = openRecorded(driver(), session)
    await connection.told('qr')
    proxy.freeze()
    expect((await connection.told('closed', undefined, 5_000)).cause).toEqual(lost)
  })
})

describe('a connection on which nothing happens', () => {
  it('stays, because the answers to pings are frames', async () => {
    const connection = await openedAgain({ keepAliveMs: 100 })
    // Fifteen pings, three times the silence that would end it.
    await expect.poll(() => pingsOf(world), { timeout: 5_000 }).toBeGreaterThan((3 * silenceMs) / 100 - 3)
    expect(connection.calls.map(({ call }) => call)).not.toContain('closed')
  })

  it('is pinged and given up as documented', () => {
    expect(defaultTimings).toMatchObject({ keepAliveMs: 15_000, silenceMs: 45_000 })
  })
})

/** Counts the questions of every device from its first call on. */
function pingsOf({ simulator }: BaileysWorld): number {
  const [counting] = simulator.faults.list()
  if (counting !== undefined) return counting.struck
  simulator.faults.add({ action: { kind: 'delay', delayMs: 0 }, stanza: 'iq' })
  return 0
}

describe('a log-in whose questions nobody answers', () => {
  const answerNothing = () => world.simulator.faults.add({ action: { kind: 'drop' }, stanza: 'iq' })

  it('never counts as open', async () => {
    await (await openedAgain()).close()
    answerNothing()
    const connection = openRecorded(driver({ silenceMs: 60_000 }), session)
    const { cause } = await connection.told('closed', undefined, 5_000)
    expect(cause).toMatchObject({ kind: 'connection-lost', detail: 'the log-in got no answer to a ping' })
    expect(connection.calls).toHaveLength(1)
  })

  it('opens with stock Baileys', async () => {
    const client = baileysClient(world.simulator)
    try {
      client.connect()
      await phone.scan(await client.qr())
      await client.closed()
      answerNothing()
      client.connect({ defaultQueryTimeoutMs: 200 })
      await client.open()
    } finally {
      await client.stop()
    }
  })
})
