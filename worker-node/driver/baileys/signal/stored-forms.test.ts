import { getNextPreKeys, initAuthCreds, proto } from '@whiskeysockets/baileys'
import { describe, expect, it } from 'vitest'
import { newId } from '#contracts/ids.ts'
import { createMemorySessions } from '#worker-node/testing/memory-sessions.ts'
import { createStockAccount } from '#worker-node/testing/stock-repository.ts'
import { fromBytes, toBytes } from './bytes-json.ts'
import { decodeCredentials, encodeCredentials } from './credentials-codec.ts'
import { decodeKey, encodeKey } from './key-codec.ts'
import { createSignalKeyStore } from './signal-key-store.ts'
import { createSessionStore, type SessionStore } from './session-store.ts'
import { AccountAddress, signalAddressOf } from './signal-address.ts'

function pairedCredentials() {
  const account = proto.ADVSignedDeviceIdentity.decode(
    proto.ADVSignedDeviceIdentity.encode({
      details: Buffer.from('details'),
      accountSignature: Buffer.alloc(64, 1),
      accountSignatureKey: Buffer.alloc(32, 2),
      deviceSignature: Buffer.alloc(64, 3),
    }).finish(),
  )
  return { ...initAuthCreds(), account, me: { id: '5511999990001:1@s.whatsapp.net', lid: '85@lid' } }
}

describe('credentials', () => {
  it('come back as they were, bytes as Buffers', () => {
    const credentials = pairedCredentials()
    const back = decodeCredentials(encodeCredentials(credentials))
    expect(back.account).toEqual(Object.assign({}, credentials.account))
    expect({ ...back, account: undefined }).toEqual({ ...credentials, account: undefined })
    expect(back.noiseKey.private).toBeInstanceOf(Buffer)
  })

  it('are refused when they are broken, cut, of another version or not of a linked device', () => {
    const stored = encodeCredentials(pairedCredentials())
    expect(() => decodeCredentials(stored.subarray(0, -1))).toThrow()
    expect(() => decodeCredentials(Buffer.concat([Buffer.of(9), stored.subarray(1)]))).toThrow('version 9')
    expect(() => decodeCredentials(new Uint8Array())).toThrow()
    expect(() => decodeCredentials(encodeCredentials(initAuthCreds()))).toThrow()
    const short = { ...pairedCredentials(), noiseKey: { public: Buffer.alloc(32), private: Buffer.alloc(31) } }
    expect(() => decodeCredentials(encodeCredentials(short))).toThrow()
  })
})

describe('keys', () => {
  it('come back as they were', () => {
    const pair = { public: Buffer.alloc(32, 1), private: Buffer.alloc(32, 2) }
    expect(decodeKey('pre-key', encodeKey('pre-key', pair))).toEqual(pair)
    const session = { _sessions: { a: { _chains: { b: { messageKeys: { 3: 'x' } } } } }, version: 'v1' } as never
    expect(decodeKey('session', encodeKey('session', session))).toEqual(session)
    const shared = { keyData: Buffer.alloc(32, 7), fingerprint: { rawId: 1, deviceIndexes: [0, 1] }, timestamp: 5 }
    const back = decodeKey('app-state-sync-key', encodeKey('app-state-sync-key', shared))
    expect(Buffer.from(back.keyData ?? [])).toEqual(shared.keyData)
    expect(back.fingerprint?.deviceIndexes).toEqual([0, 1])
  })

  it('keep bytes anywhere inside', () => {
    const value = { list: [Buffer.from('a'), { deep: new Uint8Array([1, 2]) }], text: 'x', none: null }
    const expected = { list: [Buffer.from('a'), { deep: Buffer.of(1, 2) }], text: 'x', none: null }
    expect(fromBytes(toBytes(value))).toEqual(expected)
  })

  it('never replace the private half of a pre-key that may be uploaded', async () => {
    const commits: unknown[] = []
    const store = { commit: async (change: unknown) => void commits.push(change) } as unknown as SessionStore
    const pair = { public: Buffer.alloc(32, 1), private: Buffer.alloc(32, 2) }
    const keys = createSignalKeyStore(store)
    await keys.set({ 'pre-key': { 1: pair, 2: null }, 'device-list': { 5511: ['0'] } })
    await keys.set({})
    expect(commits).toEqual([
      {
        keys: [
          { type: 'pre-key', id: '1', value: encodeKey('pre-key', pair), insertOnly: true },
          { type: 'pre-key', id: '2', value: null },
          { type: 'device-list', id: '5511', value: encodeKey('device-list', ['0']) },
        ],
      },
    ])
  })
})

describe('a next pre-key id that was lost', () => {
  /** Makes pre-keys twice from the same credentials, as after a lost `creds.update`; the private half of the first. */
  async function privateHalves(keys: Parameters<typeof getNextPreKeys>[0]['keys']): Promise<unknown[]> {
    const state = { creds: initAuthCreds(), keys }
    await getNextPreKeys(state, 2)
    const before = (await keys.get('pre-key', ['1']))['1']?.private
    await getNextPreKeys(state, 2)
    return [before, (await keys.get('pre-key', ['1']))['1']?.private]
  }

  it('replaces an uploaded private key with stock Baileys, and never here', async () => {
    const [stockBefore, stockAfter] = await privateHalves(createStockAccount().keys)
    expect(stockAfter).not.toEqual(stockBefore)

    const sessions = createMemorySessions()
    const { fence } = await sessions.newSession()
    const store = createSessionStore(sessions.keys, fence, { onJournaled: () => {}, onBroken: () => {} })
    const [before, after] = await privateHalves(createSignalKeyStore(store))
    expect(after).toEqual(before)
  })
})

describe('addresses', () => {
  it('tell devices and domains apart', () => {
    expect(signalAddressOf('5511999990002@s.whatsapp.net')).toBe('5511999990002.0')
    expect(signalAddressOf('5511999990002:3@s.whatsapp.net')).toBe('5511999990002.3')
    expect(signalAddressOf('85123:2@lid')).toBe('85123_1.2')
    expect(() => signalAddressOf('nobody')).toThrow()
  })

  it('are different for different accounts inside libsignal', () => {
    const [one, two] = [newId('instance'), newId('instance')]
    expect(new AccountAddress(one, '85123_1.2').toString()).toBe(`${one}/85123_1.2`)
    expect(new AccountAddress(two, '85123_1.2').toString()).not.toBe(new AccountAddress(one, '85123_1.2').toString())
  })
})
