import { describe, expect, it } from 'vitest'
import { newId } from '#contracts/ids.ts'
import { ChangeRefused, type SessionChange } from '#core/ports/session-keys.ts'
import { createCommitQueue } from './commit-queue.ts'

const key = (id: string, value: string | null) => ({
  type: 'session',
  id,
  value: value === null ? null : Buffer.from(value),
})
const entry = (hash: number, plaintext: Uint8Array = Buffer.of(hash)) => ({
  ciphertextHash: Buffer.of(hash),
  waMessageId: null,
  stanza: {},
  plaintext,
})
const hashesOf = ({ journal = [] }: SessionChange) => journal.map(({ ciphertextHash }) => ciphertextHash[0])
const refused = new ChangeRefused(newId('instance'))
const turn = () => new Promise((resolve) => setImmediate(resolve))

/** A queue over a store that refuses changes with one of these hashes; each write waits for `open` when there is a gate. */
function setUp({ poison = [], gated = false }: { poison?: number[]; gated?: boolean } = {}) {
  const written: SessionChange[] = []
  const told: string[] = []
  const gates: (() => void)[] = []
  const queue = createCommitQueue(
    async (change) => {
      if (gated) await new Promise<void>((resolve) => gates.push(resolve))
      if (hashesOf(change).some((hash) => poison.includes(hash ?? 0))) throw refused
      written.push(change)
      return []
    },
    { onDurable: (change) => told.push(`durable ${hashesOf(change).join()}`), onBroken: () => told.push('broken') },
  )
  const add = (change: SessionChange) =>
    queue.add(change).then(
      () => void told.push(`resolved ${hashesOf(change).join()}`),
      () => void told.push(`rejected ${hashesOf(change).join()}`),
    )
  return { queue, written, told, gates, add }
}

describe('what waits', () => {
  it('goes together while a statement is on its way, in the order of arrival', async () => {
    const { queue, written, gates, add, told } = setUp({ gated: true })
    const first = add({ journal: [entry(1)] })
    await turn()
    const later = [2, 3, 4].map((hash) => add({ journal: [entry(hash)], keys: [key('a', `${hash}`)] }))
    gates.shift()?.()
    await first
    await turn()
    gates.shift()?.()
    await Promise.all(later)
    expect(written.map(hashesOf)).toEqual([[1], [2, 3, 4]])
    expect(written[1]?.keys).toEqual([key('a', '4')])
    expect(told.filter((line) => line.startsWith('resolved'))).toEqual([1, 2, 3, 4].map((hash) => `resolved ${hash}`))
    await queue.idle()
  })

  it('goes in statements of bounded size: 100 changes, or half a megabyte, and a larger one by itself', async () => {
    const many = setUp()
    await Promise.all(Array.from({ length: 250 }, (_, n) => many.add({ journal: [entry(n % 256)] })))
    expect(many.written.map((change) => hashesOf(change).length)).toEqual([100, 100, 50])

    const large = setUp()
    const sizes = [300, 300, 900, 100, 100]
    await Promise.all(sizes.map((kilobytes, n) => large.add({ journal: [entry(n, Buffer.alloc(kilobytes * 1024))] })))
    expect(large.written.map(hashesOf)).toEqual([[0], [1], [2], [3, 4]])
  })

  it('can be asked for, until it is durable', async () => {
    const { queue, gates, add } = setUp({ gated: true })
    const first = add({ keys: [key('a', '1'), key('gone', null)], journal: [entry(1, Buffer.from('text'))] })
    expect(queue.queuedKey('session', 'a')).toEqual(key('a', '1'))
    expect(queue.queuedKey('session', 'gone')).toEqual(key('gone', null))
    expect(queue.queuedKey('session', 'b')).toBeUndefined()
    const plaintext = queue.queuedPlaintext(Buffer.of(1))
    expect(queue.queuedPlaintext(Buffer.of(2))).toBeUndefined()
    await turn()

    const second = add({ keys: [key('a', '2')] })
    gates.shift()?.()
    await first
    expect((await plaintext)?.toString()).toBe('text')
    expect(queue.queuedPlaintext(Buffer.of(1))).toBeUndefined()
    expect(queue.queuedKey('session', 'gone')).toBeUndefined()
    expect(queue.queuedKey('session', 'a')).toEqual(key('a', '2'))
    await turn()
    gates.shift()?.()
    await second
    expect(queue.queuedKey('session', 'a')).toBeUndefined()
  })

  it('is bounded: there is room again when enough of it has been written', async () => {
    const { queue, gates, add } = setUp({ gated: true })
    const changes = Array.from({ length: 400 }, (_, n) => add({ keys: [key(`${n}`, 'x')] }))
    let room = false
    const waiting = queue.room().then(() => (room = true))
    await turn()
    expect(room).toBe(false)
    gates.shift()?.()
    await waiting
    const open = setInterval(() => gates.shift()?.(), 0)
    await Promise.all(changes)
    clearInterval(open)
    await queue.room()
  })
})

describe('a change that the store refuses for what it holds', () => {
  it('does not take those before it in its statement down; it and all that follow are refused', async () => {
    const { written, told, add } = setUp({ poison: [3] })
    await Promise.all([1, 2, 3, 4].map((hash) => add({ journal: [entry(hash)], keys: [key('a', `${hash}`)] })))
    expect(written.map(hashesOf)).toEqual([[1], [2]])
    expect(written.map(({ keys }) => keys)).toEqual([[key('a', '1')], [key('a', '2')]])
    expect(told.filter((line) => !line.startsWith('durable'))).toEqual([
      'resolved 1',
      'resolved 2',
      'broken',
      'rejected 3',
      'rejected 4',
    ])
  })

  it('is refused at once when it is alone', async () => {
    const { told, add } = setUp({ poison: [1] })
    await add({ journal: [entry(1)] })
    expect(told).toEqual(['broken', 'rejected 1'])
  })
})

describe('any other error', () => {
  it('refuses the whole statement and all that waits behind it, and is told before anybody sees it', async () => {
    const told: string[] = []
    let fail = () => {}
    const queue = createCommitQueue(
      () => new Promise((_resolve, reject) => (fail = () => reject(new Error('database away')))),
      { onDurable: () => told.push('durable'), onBroken: () => told.push('broken') },
    )
    const add = (name: string) =>
      queue
        .add({ journal: [entry(1)], keys: [key(name, '1')] })
        .catch((error: Error) => told.push(`${name} ${error.message}`))
    const inStatement = [add('a'), add('b')]
    await turn()
    const behind = add('c')
    const plaintext = queue.queuedPlaintext(Buffer.of(1))
    fail()
    await Promise.all([...inStatement, behind])
    expect(told).toEqual(['broken', 'a database away', 'b database away', 'c database away'])
    await expect(plaintext).rejects.toThrow('database away')
    expect(queue.queuedKey('session', 'a')).toBeUndefined()
    await queue.room()
  })
})
