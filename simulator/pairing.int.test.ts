import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { BaileysClient } from './testing/baileys-client.ts'
import { useStage } from './testing/stage.ts'

const stage = useStage()

/** What a patched client does on `companion_reg_refresh`: acknowledge, choose a new secret, show the same ref with it. */
function withNewSecret(client: BaileysClient, qr: string): string {
  const fields = qr.split(',')
  client.auth.creds.advSecretKey = randomBytes(32).toString('base64')
  fields[3] = client.auth.creds.advSecretKey
  return fields.join(',')
}

async function expectOpen(client: BaileysClient): Promise<void> {
  expect(await client.closed()).toBe(515)
  client.connect()
  await client.open()
}

describe('pairing by QR', () => {
  it('links an unmodified Baileys, which then logs in with its number, device and LID', async () => {
    const phone = await stage.simulator.makePhone({ name: 'Loja' })
    const client = stage.client()
    client.connect()
    const device = await phone.scan(await client.qr())
    expect(device).toMatchObject({ deviceId: 1, keyIndex: 1, platform: 'Mac OS' })
    await expectOpen(client)
    expect(client.auth.creds.me).toMatchObject({ id: device.jid, lid: device.lid, name: 'Loja' })
    expect(phone.devices()).toEqual([device])
  })

  it('logs in again with the same credentials', async () => {
    const { client } = await stage.linked()
    await client.stop()
    client.connect()
    await client.open()
  })

  it('refuses a QR of nobody, text that is no QR, and a QR whose keys are not the registered ones', async () => {
    const phone = await stage.simulator.makePhone()
    const client = stage.client()
    client.connect()
    const qr = await client.qr()
    const otherRef = qr.replace(/#[^,]+/, '#2@nobody')
    const otherKeys = qr.split(',').with(2, randomBytes(32).toString('base64')).join(',')
    await expect(phone.scan(otherRef)).rejects.toMatchObject({ code: 'QR_UNKNOWN' })
    await expect(phone.scan('https://example.org')).rejects.toMatchObject({ code: 'QR_INVALID' })
    await expect(phone.scan(otherKeys)).rejects.toMatchObject({ code: 'QR_INVALID' })
  })

  it('does not link a companion that finds the wrong secret in the signed identity', async () => {
    const phone = await stage.simulator.makePhone()
    const client = stage.client()
    client.connect()
    const wrongSecret = (await client.qr()).split(',').with(3, randomBytes(32).toString('base64')).join(',')
    await expect(phone.scan(wrongSecret)).rejects.toMatchObject({ code: 'COMPANION_REFUSED' })
    expect(phone.devices()).toEqual([])
  })
})

describe('companion_reg_refresh', () => {
  it('retires the secret of the QR: the old one and every later one with it is refused, one with a new secret pairs', async () => {
    const phone = await stage.simulator.makePhone()
    const client = stage.client()
    client.connect()
    const qr = await client.qr()
    const acknowledged = client
      .until(() => (client.socket.ws.isOpen ? true : undefined), 'The socket')
      .then(() => {
        client.socket.ws.on(
          'CB:notification,type:companion_reg_refresh',
          ({ attrs }: { attrs: Record<string, string> }) => {
            const ack = {
              class: 'notification',
              type: 'companion_reg_refresh',
              id: attrs['id'] ?? '',
              to: attrs['from'] ?? '',
            }
            void client.socket.sendNode({ tag: 'ack', attrs: ack })
          },
        )
        return stage.simulator.refreshRegistration(qr)
      })
    expect(await acknowledged).toEqual({ acknowledged: true })
    await expect(phone.scan(qr)).rejects.toMatchObject({ code: 'SECRET_RETIRED' })
    const device = await phone.scan(withNewSecret(client, qr))
    expect(device.deviceId).toBe(1)
    await expectOpen(client)
  })

  it('can come by itself before a scan, in its other shape too, and stock Baileys does not even acknowledge it', async () => {
    const phone = await stage.simulator.makePhone()
    const client = stage.client()
    client.connect()
    const qr = await client.qr()
    const options = { shape: 'pair-device-rotate-qr', ackTimeoutMs: 100 } as const
    expect(await stage.simulator.refreshRegistration(qr, options)).toEqual({ acknowledged: false })
    await expect(phone.scan(qr, { refreshFirst: true })).rejects.toMatchObject({ code: 'SECRET_RETIRED' })
    await phone.scan(withNewSecret(client, qr))
  })
})

describe('pairing by code', () => {
  async function askForCode(phoneNumber: string, client: BaileysClient): Promise<string> {
    client.connect()
    await client.qr()
    return await client.socket.requestPairingCode(phoneNumber.slice(1))
  }

  it('links an unmodified Baileys', async () => {
    const phone = await stage.simulator.makePhone()
    const client = stage.client()
    const code = await askForCode(phone.phoneNumber, client)
    const device = await phone.enterCode(`${code.slice(0, 4)}-${code.slice(4).toLowerCase()}`)
    await expectOpen(client)
    expect(client.auth.creds.me?.id).toBe(device.jid)
  })

  it('refuses a wrong code and no code', async () => {
    const phone = await stage.simulator.makePhone()
    const client = stage.client()
    const code = await askForCode(phone.phoneNumber, client)
    const wrong = `${code.slice(0, 7)}${code.endsWith('2') ? '3' : '2'}`
    await expect(phone.enterCode(wrong)).rejects.toMatchObject({ code: 'CODE_WRONG' })
    await expect(phone.enterCode('12')).rejects.toMatchObject({ code: 'CODE_INVALID' })
    expect(phone.devices()).toEqual([])
  })

  it('answers a display that names no genuine browser with 400, so that no phone finds the request', async () => {
    const phone = await stage.simulator.makePhone()
    const client = stage.client()
    client.connect({ browser: ['Server', 'Bot', '1.0'] })
    await client.qr()
    const errors: string[] = []
    client.socket.ws.on(
      'frame',
      ({ tag, attrs, content }: { tag: string; attrs: Record<string, string>; content?: unknown }) => {
        if (tag === 'iq' && attrs['type'] === 'error') errors.push(JSON.stringify(content))
      },
    )
    const code = await client.socket.requestPairingCode(phone.phoneNumber.slice(1))
    await expect(phone.enterCode(code)).rejects.toMatchObject({ code: 'NO_PAIRING_REQUEST' })
    expect(errors.join()).toContain('"400"')
  }, 15_000)

  it('refuses a log-in with the half-made credentials of a code that nobody entered', async () => {
    const phone = await stage.simulator.makePhone()
    const client = stage.client()
    await askForCode(phone.phoneNumber, client)
    await client.stop()
    client.connect()
    expect(await client.closed()).toBe(401)
  })
})
