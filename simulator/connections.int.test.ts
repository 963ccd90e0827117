import { describe, expect, it } from 'vitest'
import { baileysClient } from './testing/baileys-client.ts'
import { useStage } from './testing/stage.ts'

const stage = useStage()

describe('how connections end', () => {
  it('replaces a connection when the same device logs in again (440)', async () => {
    const { phone, client } = await stage.linked()
    const rival = baileysClient(stage.simulator, client.auth)
    rival.connect()
    expect(await client.closed()).toBe(440)
    await rival.open()
    const own = stage.simulator.connections().filter(({ phoneNumber }) => phoneNumber === phone.phoneNumber)
    expect(own).toHaveLength(1)
    await rival.stop()
  })

  it('unlinks a companion that logs out; a later log-in is refused with 401', async () => {
    const { phone, client } = await stage.linked()
    await client.socket.logout()
    expect(await client.closed()).toBe(401)
    await expect.poll(() => phone.devices()).toEqual([])
    client.connect()
    expect(await client.closed()).toBe(401)
  })

  it('ends the connection of a device that the phone removes with 401, and refuses its next log-in', async () => {
    const { phone, client, device } = await stage.linked()
    await phone.removeDevice(device.deviceId)
    expect(await client.closed()).toBe(401)
    client.connect()
    expect(await client.closed()).toBe(401)
    await expect(phone.removeDevice(device.deviceId)).rejects.toThrow('no linked device 1')
  })

  it.each([
    ['503', 503],
    ['515', 515],
    ['close', 428],
    ['drop', 428],
    ['replaced', 440],
    ['device-removed', 401],
  ] as const)('ends a connection by %s, which Baileys reports as %i, and lets it come back', async (how, code) => {
    const { phone, client } = await stage.linked()
    expect(stage.simulator.disconnect({ phoneNumber: phone.phoneNumber }, how)).toBe(1)
    expect(await client.closed()).toBe(code)
    client.connect()
    await client.open()
  })

  it('refuses an identity that somebody else stole the number of', async () => {
    const { client } = await stage.linked()
    const thief = stage.client()
    thief.auth.creds.me = client.auth.creds.me
    thief.connect()
    expect(await thief.closed()).toBe(401)
  })
})

describe('silence', () => {
  it('is noticed by the client and over when it is switched off', async () => {
    const { phone, client } = await stage.linked()
    await client.stop()
    client.connect({ keepAliveIntervalMs: 200 })
    await client.open()
    const fault = stage.simulator.faults.add({ action: { kind: 'silence' }, phoneNumber: phone.phoneNumber })
    expect(await client.closed()).toBe(408)
    expect(stage.simulator.faults.remove(fault)).toBe(true)
    client.connect()
    await client.open()
  })
})

describe('refused connections', () => {
  it('can fail a log-in with any code', async () => {
    const { phone, client } = await stage.linked()
    await client.stop()
    const action = { kind: 'fail-login', code: 403 } as const
    stage.simulator.faults.add({ action, phoneNumber: phone.phoneNumber, times: 1 })
    client.connect()
    expect(await client.closed()).toBe(403)
    client.connect()
    await client.open()
  })

  it('can refuse new connections and leave the old ones alone', async () => {
    const { client } = await stage.linked()
    const { client: other } = await stage.linked()
    await other.stop()
    stage.simulator.faults.add({ action: { kind: 'refuse-connection' } })
    other.connect()
    await other.closed()
    await client.socket.query({ tag: 'iq', attrs: { type: 'get', xmlns: 'w:p', to: '@s.whatsapp.net' } })
  })
})
