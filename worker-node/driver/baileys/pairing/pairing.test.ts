import { EventEmitter } from 'node:events'
import { initAuthCreds, type AuthenticationCreds, type BinaryNode, type WASocket } from '@whiskeysockets/baileys'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { CloseCause } from '#core/ports/driver.ts'
import { childrenOf } from './nodes.ts'
import { startPairing, type Pairing } from './pairing.ts'

const lifetimes = { firstQrMs: 60_000, laterQrMs: 20_000 }
const server = '@s.whatsapp.net'

/** As much of Baileys' socket as pairing touches. Baileys' own handlers only note that they were called. */
function fakeSocket(answer: (iq: BinaryNode) => Promise<BinaryNode | undefined>) {
  const ws = new EventEmitter()
  const sent: BinaryNode[] = []
  const leftToBaileys: string[] = []
  for (const event of ['CB:iq,type:set,pair-device', 'CB:iq,,pair-success', 'CB:notification']) {
    ws.on(event, () => leftToBaileys.push(event))
  }
  const socket = {
    ws,
    ev: new EventEmitter(),
    sendNode: async (node: BinaryNode) => void sent.push(node),
    query: answer,
  } as unknown as WASocket
  return { socket, ws, sent, leftToBaileys }
}

function setUp(answer: (iq: BinaryNode) => Promise<BinaryNode | undefined> = async () => ({ tag: 'iq', attrs: {} })) {
  const fake = fakeSocket(answer)
  const credentials: AuthenticationCreds = initAuthCreds()
  const shown: { qr: string; expiresAt: Date }[] = []
  const closed: CloseCause[] = []
  const pairing = startPairing({
    socket: fake.socket,
    credentials,
    lifetimes,
    now: () => new Date(),
    onQr: (qr, expiresAt) => shown.push({ qr, expiresAt }),
    persist: async () => {},
    onPaired: () => {},
    close: (cause) => closed.push(cause),
  })
  const receive = async (event: string, node: BinaryNode) => {
    fake.ws.emit(event, node)
    await vi.advanceTimersByTimeAsync(0)
  }
  return { ...fake, credentials, shown, closed, pairing, receive }
}

const offer = (refs: string[]): BinaryNode => ({
  tag: 'iq',
  attrs: { id: 'OFFER' },
  content: [
    {
      tag: 'pair-device',
      attrs: {},
      content: refs.map((ref) => ({ tag: 'ref', attrs: {}, content: Buffer.from(ref) })),
    },
  ],
})
const notification = (type: string, content?: BinaryNode[]): BinaryNode => ({
  tag: 'notification',
  attrs: { from: server, id: 'NOTE', type },
  ...(content ? { content } : {}),
})
const ack = (type: string): BinaryNode => ({
  tag: 'ack',
  attrs: { class: 'notification', type, id: 'NOTE', to: server },
})
const partsOf = (qr: string | undefined) => (qr ?? '').split('#')[1]?.split(',') ?? []

let running: Pairing | undefined
beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  running?.stop()
  vi.useRealTimers()
})

async function showing(refs: string[], answer?: Parameters<typeof setUp>[0]) {
  const all = setUp(answer)
  running = all.pairing
  await all.receive('CB:iq,type:set,pair-device', offer(refs))
  return all
}

describe('QR codes', () => {
  it('are shown one after the other with their ends, and then the connection ends', async () => {
    const { shown, closed, sent } = await showing(['ref1', 'ref2'])
    expect(sent).toEqual([{ tag: 'iq', attrs: { to: server, type: 'result', id: 'OFFER' } }])
    expect(shown[0]?.expiresAt.getTime()).toBe(Date.now() + 60_000)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(shown.map(({ qr }) => partsOf(qr)[0])).toEqual(['ref1', 'ref2'])
    expect(shown[1]?.expiresAt.getTime()).toBe(Date.now() + 20_000)
    expect(closed).toEqual([])
    await vi.advanceTimersByTimeAsync(20_000)
    expect(closed).toMatchObject([{ kind: 'qr-expired', code: 408 }])
  })

  it('stop with the pairing', async () => {
    const { shown, closed, pairing } = await showing(['ref1', 'ref2'])
    pairing.stop()
    await vi.advanceTimersByTimeAsync(200_000)
    expect([shown.length, closed.length]).toEqual([1, 0])
  })
})

describe('companion_reg_refresh', () => {
  it.each(['companion_reg_refresh', 'pair-device-rotate-qr'])(
    'as <%s/> shows the same reference with a new secret and is acknowledged',
    async (shape) => {
      const { shown, sent, credentials, receive } = await showing(['ref1', 'ref2'])
      const before = credentials.advSecretKey
      await receive('CB:notification', notification('companion_reg_refresh', [{ tag: shape, attrs: {} }]))
      expect(sent).toContainEqual(ack('companion_reg_refresh'))
      expect(credentials.advSecretKey).not.toBe(before)
      expect(Buffer.from(credentials.advSecretKey, 'base64')).toHaveLength(32)
      const [first, again] = shown
      expect(partsOf(again?.qr)).toEqual(partsOf(first?.qr).with(3, credentials.advSecretKey))
      expect(again?.expiresAt).toEqual(first?.expiresAt)

      await vi.advanceTimersByTimeAsync(60_000)
      expect(partsOf(shown[2]?.qr).slice(0, 4)).toEqual(['ref2', ...partsOf(again?.qr).slice(1, 4)])
    },
  )
})

describe('pairing codes', () => {
  it('are asked for under a genuine browser, and nothing of the credentials changes', async () => {
    const asked: BinaryNode[] = []
    const { pairing, credentials, shown } = await showing(['ref1', 'ref2'], async (iq) => {
      asked.push(iq)
      return { tag: 'iq', attrs: {} }
    })
    const before = JSON.stringify(credentials)
    const { code, expiresAt } = await pairing.requestCode('+5511999990001')
    expect(code).toMatch(/^[1-9A-HJ-NP-TV-Z]{8}$/)
    // Until the last reference ends, and with it the connection.
    expect(expiresAt.getTime()).toBe((shown[0]?.expiresAt.getTime() ?? 0) + 20_000)
    expect(JSON.stringify(asked)).toContain('5511999990001@s.whatsapp.net')
    const fields = asked.flatMap(childrenOf).flatMap(childrenOf)
    expect(fields.find(({ tag }) => tag === 'companion_platform_display')?.content).toBe('Chrome (Mac OS)')
    expect(JSON.stringify(credentials)).toBe(before)
    expect(credentials.me).toBeUndefined()
  })

  it('are refused when WhatsApp refuses or does not answer, or before it offered to pair', async () => {
    const refused = await showing(['ref1'], () => Promise.reject(new Error('bad-request')))
    await expect(refused.pairing.requestCode('+5511999990001')).rejects.toMatchObject({ why: 'refused' })
    const silent = await showing(['ref1'], async () => undefined)
    await expect(silent.pairing.requestCode('+5511999990001')).rejects.toMatchObject({ why: 'refused' })
    await expect(setUp().pairing.requestCode('+5511999990001')).rejects.toMatchObject({ why: 'not-pairing' })
  })

  it('ignore an answer of the phone without its keys', async () => {
    const asked: BinaryNode[] = []
    const { pairing, receive, sent, credentials, closed } = await showing(['ref1'], async (iq) => {
      asked.push(iq)
      return { tag: 'iq', attrs: {} }
    })
    await pairing.requestCode('+5511999990001')
    const secret = credentials.advSecretKey
    const empty = { tag: 'link_code_companion_reg', attrs: { stage: 'refresh_code' } }
    await receive('CB:notification', notification('link_code_companion_reg', [empty]))
    await receive('CB:notification', notification('link_code_companion_reg'))
    expect(sent.filter(({ tag }) => tag === 'ack')).toHaveLength(2)
    expect([asked.length, credentials.advSecretKey, closed]).toEqual([1, secret, []])
  })
})

describe('other things that WhatsApp says meanwhile', () => {
  it.each(['passkey_prologue_request', 'crsc_continuation'])('%s ends with a clear reason', async (type) => {
    const { receive, sent, closed } = await showing(['ref1'])
    await receive('CB:notification', notification(type))
    expect(sent).toContainEqual(ack(type))
    expect(closed).toMatchObject([{ kind: 'passkey-required' }])
  })

  it('a success that does not bear the right signature ends the pairing', async () => {
    const { receive, closed, sent } = await showing(['ref1'])
    await receive('CB:iq,,pair-success', {
      tag: 'iq',
      attrs: { id: 'S' },
      content: [{ tag: 'pair-success', attrs: {} }],
    })
    expect(closed).toMatchObject([{ kind: 'pairing-failed' }])
    expect(sent).toHaveLength(1)
  })

  it('everything else goes to Baileys, and so does all of it once linked', async () => {
    const { receive, leftToBaileys, credentials } = await showing(['ref1'])
    await receive('CB:notification', notification('encrypt'))
    expect(leftToBaileys).toEqual(['CB:notification'])
    credentials.account = {}
    await receive('CB:notification', notification('companion_reg_refresh'))
    expect(leftToBaileys).toHaveLength(2)
  })
})
