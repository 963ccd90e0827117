import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { baileysClient } from '#simulator/testing/baileys-client.ts'
import { startSimulator } from '#simulator/start-simulator.ts'
import { silentLog } from '#worker-node/log.ts'
import { makeBaileysWorld, type BaileysWorld } from '#worker-node/testing/baileys-world.ts'
import { pairedConnection, textTo } from '#worker-node/testing/driver-conformance.ts'
import type { TestSession } from '#worker-node/testing/driver-world.ts'
import { openRecorded } from '#worker-node/testing/recorded-connection.ts'
import { createBaileysDriver } from './baileys-driver.ts'

let world: BaileysWorld
let session: TestSession
let phone: Awaited<ReturnType<BaileysWorld['makePhone']>>

beforeEach(async () => {
  world = await makeBaileysWorld({ timings: { keepAliveMs: 200, firstQrMs: 300, laterQrMs: 20 } })
  session = await world.newSession()
  phone = await world.makePhone()
})
afterEach(() => world.stop())

const open = () => openRecorded(world.driver, session)
const paired = () => pairedConnection(world.driver, session, phone)

describe('a connection that WhatsApp ends', () => {
  it.each([
    ['515', 'restart-required', 515],
    ['close', 'connection-lost', 428],
    ['device-removed', 'logged-out', 401],
  ] as const)('by %s tells %s', async (how, kind, code) => {
    const connection = await paired()
    world.simulator.disconnect({ phoneNumber: phone.phoneNumber }, how)
    expect((await connection.told('closed')).cause).toMatchObject({ kind, code })
  })

  it('by saying nothing any more tells connection-lost, and what was being sent is unconfirmed', async () => {
    const connection = await paired()
    const contact = await world.makePhone()
    world.simulator.faults.add({ action: { kind: 'silence' }, phoneNumber: phone.phoneNumber })
    const sending = connection.send(textTo(contact.phoneNumber, 'into the void'))
    expect((await connection.told('closed', undefined, 15_000)).cause).toMatchObject({ kind: 'connection-lost' })
    expect(await sending).toEqual({ outcome: 'unconfirmed' })
  })

  it('while it pairs tells connection-lost', async () => {
    const connection = open()
    await connection.told('qr')
    world.simulator.disconnect({}, 'drop')
    expect((await connection.told('closed')).cause.kind).toBe('connection-lost')
  })

  it('by another log-in of the same device tells replaced', async () => {
    const connection = await paired()
    const other = open()
    expect((await connection.told('closed')).cause).toMatchObject({ kind: 'replaced', code: 440 })
    await other.told('open')
  })
})

describe('a connection that never opens', () => {
  it.each([
    [401, 'logged-out'],
    [402, 'temporary-ban'],
    [403, 'logged-out'],
    [405, 'client-outdated'],
    [503, 'unavailable'],
  ] as const)('because the log-in fails with %i tells %s', async (code, kind) => {
    await (await paired()).close()
    world.simulator.faults.add({ action: { kind: 'fail-login', code } })
    expect((await open().told('closed')).cause).toMatchObject({ kind, code })
  })

  it.each([
    [503, 'unavailable'],
    [403, 'connection-lost'],
  ] as const)('because the WebSocket is refused with HTTP %i tells %s at once', async (httpStatus, kind) => {
    world.simulator.faults.add({ action: { kind: 'refuse-connection', httpStatus } })
    expect((await open().told('closed', undefined, 3_000)).cause).toMatchObject({ kind, code: httpStatus })
  })

  it('because it is cut at once tells connection-lost', async () => {
    world.simulator.faults.add({ action: { kind: 'refuse-connection' } })
    expect((await open().told('closed', undefined, 3_000)).cause.kind).toBe('connection-lost')
  })

  it('because nobody listens tells connection-lost at once', async () => {
    await world.simulator.stop()
    expect((await open().told('closed', undefined, 3_000)).cause.kind).toBe('connection-lost')
  })

  it('because nobody scanned tells qr-expired', async () => {
    const connection = open()
    expect((await connection.told('closed')).cause).toMatchObject({ kind: 'qr-expired', code: 408 })
    expect(connection.calls.filter(({ call }) => call === 'qr').length).toBeGreaterThan(1)
  })

  it('because the keys cannot be read tells why, whatever the store throws', async () => {
    const { keys } = world.sessions
    for (const loadCredentials of [
      () => Promise.reject(new Error('database away')),
      () => {
        throw new Error('at once')
      },
    ]) {
      const driver = createBaileysDriver({
        keys: { ...keys, loadCredentials },
        findSent: async () => undefined,
        log: silentLog,
        endpoint: world.simulator,
      })
      expect((await openRecorded(driver, session).told('closed')).cause.kind).toBe('internal-error')
    }
  })
})

describe('a session whose stored keys are damaged', () => {
  it('ends with credentials-corrupt instead of making new keys over them', async () => {
    const connection = await paired()
    const contact = await world.makePhone()
    await connection.send(textTo(contact.phoneNumber, 'x'))
    await connection.close()
    for (const row of world.sessions.database.tables.sessionKeys) {
      if (row.type === 'session') row.value = Buffer.from('damaged')
    }
    const next = open()
    await next.told('open')
    expect(await next.send(textTo(contact.phoneNumber, 'y'))).toEqual({ outcome: 'unconfirmed' })
    expect((await next.told('closed')).cause.kind).toBe('credentials-corrupt')
  })
})

describe('a server with a certificate of another root', () => {
  it('is refused, and no device is registered there', async () => {
    const other = await startSimulator()
    try {
      const driver = createBaileysDriver({
        keys: world.sessions.keys,
        findSent: async () => undefined,
        log: silentLog,
        endpoint: { url: other.url, rootPublicKey: world.simulator.rootPublicKey },
      })
      const connection = openRecorded(driver, session)
      const { cause } = await connection.told('closed')
      expect(cause).toMatchObject({ kind: 'unavailable', detail: expect.stringContaining('certificate') })
      expect(connection.calls).toHaveLength(1)
    } finally {
      await other.stop()
    }
  })

  it('is refused without an endpoint too: WhatsApp alone is trusted', async () => {
    // As in production, but with the simulator where WhatsApp should be.
    const genuine = createBaileysDriver({
      keys: world.sessions.keys,
      findSent: async () => undefined,
      log: silentLog,
      endpoint: { url: world.simulator.url, rootPublicKey: undefined as never },
    })
    expect((await openRecorded(genuine, session).told('closed')).cause.detail).toContain('certificate')
  })
})

it('Baileys as it comes connects to whoever shows any certificate', async () => {
  // In a process of its own the stock client has its own `Curve.verify`; here it is put back for the comparison.
  const { Curve } = await import('@whiskeysockets/baileys')
  const installed = Curve.verify
  Curve.verify = () => true
  const other = await startSimulator()
  const client = baileysClient({ ...other, rootPublicKey: world.simulator.rootPublicKey })
  try {
    client.connect()
    expect(await client.qr()).toContain('https://wa.me/')
  } finally {
    await client.stop()
    await other.stop()
    Curve.verify = installed
  }
})
