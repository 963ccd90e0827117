import { describe, expect, it } from 'vitest'
import { newId } from '#contracts/ids.ts'
import { CredentialsCorrupt, type SessionChange, type SessionKeys } from '#core/ports/session-keys.ts'
import { FencedOut } from '#core/ports/session-leases.ts'
import { encodeKey } from './key-codec.ts'
import { createSessionStore } from './session-store.ts'

const fence = { instanceId: newId('instance'), epoch: 1, incarnation: 'run-1' }
const credentials = (text: string) => Buffer.from(text)

function setUp(overrides: Partial<SessionKeys> = {}) {
  const commits: SessionChange[] = []
  const order: string[] = []
  const keys: SessionKeys = {
    loadCredentials: async () => undefined,
    get: async () => new Map(),
    findJournaled: async () => undefined,
    erase: async () => {},
    async commit(_fence, change) {
      commits.push(change)
      return [...(change.sending ?? [])]
    },
    ...overrides,
  }
  const broken: unknown[] = []
  const store = createSessionStore(keys, fence, {
    onJournaled: () => order.push('journaled'),
    onBroken(error) {
      broken.push(error)
      order.push('broken')
    },
  })
  return { store, commits, broken, order }
}

describe('writing', () => {
  it('is one transaction for everything that comes in one turn, the last write of a key standing', async () => {
    const { store, commits } = setUp()
    const write = (id: string, text: string) => ({ type: 'session', id, value: Buffer.from(text) })
    await Promise.all([
      store.commit({ credentials: credentials('old'), keys: [write('a', '1')], sending: ['msg_1'] }),
      store.commit({ credentials: credentials('new'), keys: [write('a', '2'), write('b', '3')], sending: ['msg_1'] }),
    ])
    expect(commits).toEqual([
      { credentials: credentials('new'), keys: [write('a', '2'), write('b', '3')], sending: ['msg_1'] },
    ])
  })

  it('is never two transactions at once, and keeps the order of the calls', async () => {
    let running = 0
    const seen: string[] = []
    const { store } = setUp({
      async commit(_fence, change) {
        expect(++running).toBe(1)
        await new Promise((resolve) => setImmediate(resolve))
        seen.push(Buffer.from(change.credentials ?? []).toString())
        running--
        return []
      },
    })
    const first = store.commit({ credentials: credentials('1') })
    await new Promise((resolve) => setImmediate(resolve))
    await Promise.all([first, store.commit({ credentials: credentials('2') })])
    await store.commit({ credentials: credentials('3') })
    expect(seen).toEqual(['1', '2', '3'])
  })

  it('tells of journaled plaintexts when they are durable, and of nothing else', async () => {
    const { store, order } = setUp()
    await store.commit({ credentials: credentials('x') })
    expect(order).toEqual([])
    const entry = { ciphertextHash: Buffer.of(1), waMessageId: null, stanza: {}, plaintext: Buffer.of(1) }
    await store.commit({ journal: [entry] })
    expect(order).toEqual(['journaled'])
  })
})

describe('the first error', () => {
  it('is told before anybody sees it, and everything later fails with it', async () => {
    const lost = new FencedOut(fence)
    const { store, broken, order } = setUp({ commit: () => Promise.reject(lost) })
    const failing = [1, 2].map(() => store.commit({ credentials: credentials('x') }))
    await Promise.all(
      failing.map((commit) =>
        commit.catch((error: unknown) => {
          order.push('seen')
          expect(error).toBe(lost)
        }),
      ),
    )
    expect(order).toEqual(['broken', 'seen', 'seen'])
    await expect(store.commit({})).rejects.toBe(lost)
    await expect(store.get('session', ['a'])).rejects.toBe(lost)
    await expect(store.findJournaled(Buffer.of(1))).rejects.toBe(lost)
    expect(broken).toEqual([lost])
  })

  it('can be a read, or a key that cannot be decoded', async () => {
    const away = new Error('database away')
    const failing = setUp({ get: () => Promise.reject(away) })
    await expect(failing.store.get('session', ['a'])).rejects.toBe(away)
    expect(failing.broken).toEqual([away])

    const corrupt = setUp({ get: async () => new Map([['a', Buffer.from('??')]]) })
    await expect(corrupt.store.get('session', ['a'])).rejects.toBeInstanceOf(CredentialsCorrupt)
    expect(corrupt.broken).toHaveLength(1)
  })
})

describe('sealing', () => {
  it('waits for what is being written and refuses the rest', async () => {
    let finish = () => {}
    const { store } = setUp({ commit: () => new Promise((resolve) => (finish = () => resolve([]))) })
    const writing = store.commit({ credentials: credentials('x') })
    await new Promise((resolve) => setImmediate(resolve))
    let sealed = false
    const sealing = store.seal().then(() => (sealed = true))
    await expect(store.commit({})).rejects.toThrow('ended')
    expect(sealed).toBe(false)
    finish()
    await Promise.all([writing, sealing])
  })
})

describe('reading', () => {
  it('asks once for all ids of one turn and gives each caller its own', async () => {
    const asked: (readonly string[])[] = []
    const { store } = setUp({
      async get(_instance, _type, ids) {
        asked.push(ids)
        return new Map(ids.map((id) => [id, encodeKey('device-list', [id])]))
      },
    })
    const [one, two] = await Promise.all([store.get('device-list', ['a', 'b']), store.get('device-list', ['b', 'c'])])
    expect(asked).toEqual([['a', 'b', 'c']])
    expect([...one]).toEqual([
      ['a', ['a']],
      ['b', ['b']],
    ])
    expect([...two.keys()]).toEqual(['b', 'c'])
  })
})
