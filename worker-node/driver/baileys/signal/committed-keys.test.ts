import { makeCacheableSignalKeyStore } from '@whiskeysockets/baileys'
import { describe, expect, it } from 'vitest'
import { silentBaileysLog } from '#worker-node/testing/stock-repository.ts'
import { createCommittedKeys } from './committed-keys.ts'

const bytes = (text: string) => Buffer.from(text)
const text = (found: Map<string, Uint8Array>) =>
  Object.fromEntries([...found].map(([id, value]) => [id, Buffer.from(value).toString()]))

/** A store of sessions and how often it was read. */
function setUp(stored: Record<string, string> = {}) {
  const asked: (readonly string[])[] = []
  const keys = createCommittedKeys(async (_type, ids) => {
    asked.push(ids)
    return new Map(ids.flatMap((id) => (stored[id] === undefined ? [] : [[id, bytes(stored[id])]])))
  })
  const get = async (...ids: string[]) => text(await keys.get('session', ids))
  const committed = (id: string, value: string | null, insertOnly = false) =>
    keys.committed([{ type: 'session', id, value: value === null ? null : bytes(value), insertOnly }])
  return { stored, asked, keys, get, committed }
}

describe('committed keys', () => {
  it('are read once, and so is that there are none', async () => {
    const { asked, get } = setUp({ a: '1' })
    expect(await get('a', 'b')).toEqual({ a: '1' })
    expect(await get('a', 'b')).toEqual({ a: '1' })
    expect(asked).toEqual([['a', 'b']])
    await get('b', 'c')
    expect(asked).toEqual([['a', 'b'], ['c']])
  })

  it('are what was committed, without a read', async () => {
    const { asked, get, committed } = setUp()
    committed('a', '1')
    expect(await get('a')).toEqual({ a: '1' })
    committed('a', null)
    expect(await get('a')).toEqual({})
    expect(asked).toEqual([])
  })

  it('are read again where the store may have kept another value', async () => {
    const { asked, get, committed } = setUp({ a: 'first' })
    await get('a')
    committed('a', 'second', true)
    expect(await get('a')).toEqual({ a: 'first' })
    expect(asked).toHaveLength(2)
  })

  it('are not replaced by a read that began before the commit', async () => {
    let answer = (_values: Map<string, Uint8Array>) => {}
    const keys = createCommittedKeys(() => new Promise((resolve) => (answer = resolve)))
    const reading = keys.get('session', ['a'])
    keys.committed([{ type: 'session', id: 'a', value: bytes('new') }])
    answer(new Map([['a', bytes('old')]]))
    await reading
    expect(text(await keys.get('session', ['a']))).toEqual({ a: 'new' })
  })

  it('are forgotten when they are many, and pre-keys at once', async () => {
    const { asked, keys, get, committed } = setUp({ 'key 0': 'stored' })
    for (let n = 0; n < 200; n++) committed(`key ${n}`, 'x'.repeat(2_000))
    expect(await get('key 0')).toEqual({ 'key 0': 'stored' })
    expect(await get('key 199')).toEqual({ 'key 199': 'x'.repeat(2_000) })
    expect(asked).toEqual([['key 0']])

    keys.committed([{ type: 'pre-key', id: '1', value: bytes('private') }])
    await keys.get('pre-key', ['1'])
    await keys.get('pre-key', ['1'])
    expect(asked.filter(([id]) => id === '1')).toHaveLength(2)
  })

  it('do not stay in memory after a failed read', async () => {
    let away = true
    const keys = createCommittedKeys(async () => {
      if (away) throw new Error('database away')
      return new Map([['a', bytes('1')]])
    })
    await expect(keys.get('session', ['a'])).rejects.toThrow('away')
    away = false
    expect(text(await keys.get('session', ['a']))).toEqual({ a: '1' })
  })
})

describe('a write that fails', () => {
  it('can be read back with the cache of stock Baileys', async () => {
    const committed = { a: bytes('committed') }
    const stock = makeCacheableSignalKeyStore(
      {
        get: async () => committed as never,
        set: () => Promise.reject(new Error('database away')),
      },
      silentBaileysLog,
    )
    await expect(stock.set({ session: { a: bytes('never stored') } })).rejects.toThrow('away')
    expect(await stock.get('session', ['a'])).toEqual({ a: bytes('never stored') })
  })
})
