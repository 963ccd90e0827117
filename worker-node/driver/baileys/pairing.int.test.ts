import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { baileysClient } from '#simulator/testing/baileys-client.ts'
import { makeBaileysWorld, type BaileysWorld } from '#worker-node/testing/baileys-world.ts'
import type { TestSession } from '#worker-node/testing/driver-world.ts'
import { openRecorded } from '#worker-node/testing/recorded-connection.ts'

let world: BaileysWorld
let session: TestSession
let phone: Awaited<ReturnType<BaileysWorld['makePhone']>>

beforeEach(async () => {
  world = await makeBaileysWorld()
  session = await world.newSession()
  phone = await world.makePhone()
})
afterEach(() => world.stop())

const open = () => openRecorded(world.driver, session)

describe('companion_reg_refresh in the middle of a pairing', () => {
  it.each(['companion_reg_refresh', 'pair-device-rotate-qr'] as const)(
    'as %s is acknowledged, and the QR code that follows pairs',
    async (shape) => {
      const pairing = open()
      const { qr } = await pairing.told('qr')
      expect(await world.simulator.refreshRegistration(qr, { shape })).toEqual({ acknowledged: true })
      await expect(phone.scan(qr)).rejects.toMatchObject({ code: 'SECRET_RETIRED' })
      const fresh = await pairing.told('qr', (told) => told.qr !== qr)
      await phone.scan(fresh.qr)
      await pairing.told('paired')
      await pairing.told('closed')
      await open().told('open')
    },
  )

  it('does not disturb a pairing by code', async () => {
    const pairing = open()
    const { qr } = await pairing.told('qr')
    const { code } = await pairing.requestPairingCode(phone.phoneNumber)
    expect(await world.simulator.refreshRegistration(qr)).toEqual({ acknowledged: true })
    await phone.enterCode(code)
    await pairing.told('paired')
  })

  it('leaves stock Baileys with a QR code that cannot pair', async () => {
    const client = baileysClient(world.simulator)
    try {
      client.connect({ qrTimeout: 200 })
      const qr = await client.qr()
      const { acknowledged } = await world.simulator.refreshRegistration(qr, { ackTimeoutMs: 500 })
      expect(acknowledged).toBe(false)
      await expect(phone.scan(await client.qr(qr))).rejects.toMatchObject({ code: 'SECRET_RETIRED' })
    } finally {
      await client.stop()
    }
  })
})

describe('a pairing code', () => {
  it('is not shown when WhatsApp refuses it', async () => {
    const pairing = open()
    await pairing.told('qr')
    const refused = pairing.requestPairingCode('+')
    await expect(refused).rejects.toMatchObject({ name: 'PairingRefused', why: 'refused' })
    // The connection still pairs.
    await phone.enterCode((await pairing.requestPairingCode(phone.phoneNumber)).code)
    await pairing.told('paired')
  })

  it('is shown by stock Baileys although WhatsApp refused it', async () => {
    const client = baileysClient(world.simulator)
    try {
      client.connect({ browser: ['Windows', 'Wharf', '1.0'] })
      await client.qr()
      expect(await client.socket.requestPairingCode(phone.phoneNumber.slice(1))).toHaveLength(8)
      // And it would now log in as a device that does not exist.
      expect(client.auth.creds.me).toBeDefined()
    } finally {
      await client.stop()
    }
  })

  it('that was typed wrong can be followed by the right one', async () => {
    const pairing = open()
    await pairing.told('qr')
    const { code } = await pairing.requestPairingCode(phone.phoneNumber)
    const wrong = code.startsWith('1') ? `2${code.slice(1)}` : `1${code.slice(1)}`
    await expect(phone.enterCode(wrong)).rejects.toMatchObject({ code: 'CODE_WRONG' })
    await phone.enterCode((await pairing.requestPairingCode(phone.phoneNumber)).code)
    await pairing.told('paired')
  })
})

describe('the success of a pairing', () => {
  it('is told to WhatsApp only when the credentials are durable', async () => {
    const { keys } = world.sessions
    const failing = await makeBaileysWorld({
      sessions: world.sessions,
      keys: { ...keys, commit: () => Promise.reject(new Error('database away')) },
    })
    try {
      const other = await failing.makePhone()
      const pairing = openRecorded(failing.driver, session)
      const { qr } = await pairing.told('qr')
      await expect(other.scan(qr)).rejects.toMatchObject({ code: 'COMPANION_REFUSED' })
      expect((await pairing.told('closed')).cause.kind).toBe('internal-error')
      expect(pairing.calls.map(({ call }) => call)).not.toContain('paired')
      expect(other.simulated.devices()).toEqual([])
    } finally {
      await failing.stop()
    }
  })
})
