import { describe, expect, it } from 'vitest'
import { newId } from '#contracts/ids.ts'
import { ChangeRefused, type JournalEntry, type KeyWrite } from '#core/ports/session-keys.ts'
import { FencedOut } from '#core/ports/session-leases.ts'
import { fromNow, seedMessage, seedOwnedInstance } from './worker-seeds.ts'
import type { WorkerWorld } from './worker-world.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const key = (id: string, value: string | null, options: Partial<KeyWrite> = {}): KeyWrite => ({
  type: 'session',
  id,
  value: value === null ? null : bytes(value),
  ...options,
})
const entry = (hash: string, values: Partial<JournalEntry> = {}): JournalEntry => ({
  ciphertextHash: bytes(hash),
  waMessageId: hash,
  stanza: { from: '1@s.whatsapp.net' },
  plaintext: bytes(`plain ${hash}`),
  ...values,
})

export function sessionKeysConformance(world: () => WorkerWorld): void {
  async function stored(instanceId: Parameters<WorkerWorld['sessionKeys']['get']>[0], ids: string[]) {
    const found = await world().sessionKeys.get(instanceId, 'session', ids)
    return Object.fromEntries([...found].map(([id, value]) => [id, new TextDecoder().decode(value)]))
  }

  describe('session keys', () => {
    it('are undefined or missing until something was written', async () => {
      const { seed, sessionKeys } = world()
      const { instanceId } = await seedOwnedInstance(seed)
      expect(await sessionKeys.loadCredentials(instanceId)).toBeUndefined()
      expect(await sessionKeys.get(instanceId, 'session', ['a'])).toEqual(new Map())
      expect(await sessionKeys.findJournaled(instanceId, bytes('h'))).toBeUndefined()
    })

    it('come back as they were written, and later writes replace them', async () => {
      const { seed, sessionKeys } = world()
      const { instanceId, fence } = await seedOwnedInstance(seed)
      const other = await seedOwnedInstance(seed)
      await sessionKeys.commit(fence, { credentials: bytes('one'), keys: [key('a', '1'), key('b', '2'), key('c', '')] })
      await sessionKeys.commit(other.fence, { credentials: bytes('other'), keys: [key('a', 'other')] })
      expect(await sessionKeys.loadCredentials(instanceId)).toEqual(bytes('one'))
      expect(await stored(instanceId, ['a', 'b', 'c', 'unknown'])).toEqual({ a: '1', b: '2', c: '' })
      await sessionKeys.commit(fence, { credentials: bytes('two'), keys: [key('b', '3'), key('a', null)] })
      expect(await sessionKeys.loadCredentials(instanceId)).toEqual(bytes('two'))
      expect(await stored(instanceId, ['a', 'b'])).toEqual({ b: '3' })
      expect(await stored(other.instanceId, ['a'])).toEqual({ a: 'other' })
      expect(await sessionKeys.get(instanceId, 'pre-key', ['b'])).toEqual(new Map())
      expect(await sessionKeys.get(instanceId, 'session', [])).toEqual(new Map())
    })

    it('can be written before there are credentials', async () => {
      const { seed, sessionKeys } = world()
      const { instanceId, fence } = await seedOwnedInstance(seed)
      await sessionKeys.commit(fence, { keys: [key('a', '1')] })
      expect(await sessionKeys.loadCredentials(instanceId)).toBeUndefined()
      expect(await stored(instanceId, ['a'])).toEqual({ a: '1' })
      await sessionKeys.commit(fence, { credentials: bytes('one') })
      expect(await sessionKeys.loadCredentials(instanceId)).toEqual(bytes('one'))
      expect(await stored(instanceId, ['a'])).toEqual({ a: '1' })
    })

    it('come to what the writes to one key in one commit come to', async () => {
      const { seed, sessionKeys } = world()
      const { instanceId, fence } = await seedOwnedInstance(seed)
      await sessionKeys.commit(fence, { keys: [key('old', '0')] })
      await sessionKeys.commit(fence, {
        keys: [
          key('put', '1'),
          key('put', '2'),
          key('gone', '1'),
          key('gone', null),
          key('back', null),
          key('back', '2'),
          key('kept', '1', { insertOnly: true }),
          key('kept', '2', { insertOnly: true }),
          key('old', null),
          key('old', '9', { insertOnly: true }),
        ],
      })
      expect(await stored(instanceId, ['put', 'gone', 'back', 'kept', 'old'])).toEqual({
        put: '2',
        back: '2',
        kept: '1',
        old: '9',
      })
    })

    it('are never overwritten by a write that only inserts', async () => {
      const { seed, sessionKeys } = world()
      const { instanceId, fence } = await seedOwnedInstance(seed)
      await sessionKeys.commit(fence, { keys: [key('a', '1'), key('c', '1')] })
      const insertOnly = { insertOnly: true }
      await sessionKeys.commit(fence, { keys: [key('a', '2', insertOnly), key('b', '2', insertOnly), key('c', '2')] })
      expect(await stored(instanceId, ['a', 'b', 'c'])).toEqual({ a: '1', b: '2', c: '2' })
      await sessionKeys.commit(fence, { keys: [key('a', '3', insertOnly), key('d', '3', insertOnly)] })
      expect(await stored(instanceId, ['a', 'd'])).toEqual({ a: '1', d: '3' })
    })

    it('are gone after erasing, the journal is not, and a new pairing begins anew', async () => {
      const { seed, sessionKeys } = world()
      const { instanceId, fence } = await seedOwnedInstance(seed)
      const change = { credentials: bytes('one'), keys: [key('a', '1')], journal: [entry('h')] }
      await sessionKeys.commit(fence, change)
      await sessionKeys.erase(fence)
      expect(await sessionKeys.loadCredentials(instanceId)).toBeUndefined()
      expect(await stored(instanceId, ['a'])).toEqual({})
      expect(await seed.rows('sessionKeys', { instanceId })).toEqual([])
      expect(await sessionKeys.findJournaled(instanceId, bytes('h'))).toEqual(bytes('plain h'))
      await sessionKeys.commit(fence, { credentials: bytes('two'), keys: [key('b', '2')] })
      expect(await sessionKeys.loadCredentials(instanceId)).toEqual(bytes('two'))
      expect(await stored(instanceId, ['a', 'b'])).toEqual({ b: '2' })
    })

    it('are refused, with all that came with them, when they hold what cannot be stored; nothing else is wrong', async () => {
      const { seed, sessionKeys } = world()
      const { instanceId, fence } = await seedOwnedInstance(seed)
      const change = { keys: [key('a', '1'), key('nul \0', '1')], journal: [entry('h')] }
      await expect(sessionKeys.commit(fence, change)).rejects.toThrow(ChangeRefused)
      expect(await stored(instanceId, ['a'])).toEqual({})
      expect(await sessionKeys.findJournaled(instanceId, bytes('h'))).toBeUndefined()
      await sessionKeys.commit(fence, { ...change, keys: [key('a', '1')] })
      expect(await stored(instanceId, ['a'])).toEqual({ a: '1' })
    })

    it('hold many keys of one commit', async () => {
      const { seed, sessionKeys } = world()
      const { instanceId, fence } = await seedOwnedInstance(seed)
      const ids = Array.from({ length: 812 }, (_, index) => String(index))
      await sessionKeys.commit(fence, { keys: ids.map((id) => key(id, `value ${id}`, { insertOnly: true })) })
      expect(await stored(instanceId, ids)).toEqual(Object.fromEntries(ids.map((id) => [id, `value ${id}`])))
    })
  })

  describe('the journal', () => {
    it('remembers a ciphertext with its plaintext, the first one, per instance', async () => {
      const { seed, sessionKeys } = world()
      const { instanceId, fence } = await seedOwnedInstance(seed)
      const other = await seedOwnedInstance(seed)
      await sessionKeys.commit(fence, { journal: [entry('h'), entry('i', { waMessageId: null })] })
      await sessionKeys.commit(fence, { journal: [entry('h', { plaintext: bytes('another') })] })
      expect(await sessionKeys.findJournaled(instanceId, bytes('h'))).toEqual(bytes('plain h'))
      expect(await sessionKeys.findJournaled(other.instanceId, bytes('h'))).toBeUndefined()
      const rows = (await seed.rows('inboundJournal', { instanceId })).toSorted((a, b) => a.seq - b.seq)
      expect(rows.map(({ waMessageId, epoch, projectedAt }) => ({ waMessageId, epoch, projectedAt }))).toEqual([
        { waMessageId: 'h', epoch: 1, projectedAt: null },
        { waMessageId: null, epoch: 1, projectedAt: null },
      ])
    })
  })

  describe('committing outbound messages', () => {
    it('makes them sending and counts the attempt', async () => {
      const { seed, sessionKeys } = world()
      const owned = await seedOwnedInstance(seed)
      const { id } = await seedMessage(seed, owned)
      expect(await sessionKeys.commit(owned.fence, { keys: [key('a', '1')], sending: [id] })).toEqual([id])
      expect(await sessionKeys.commit(owned.fence, { keys: [key('a', '2')], sending: [id] })).toEqual([id])
      expect(await sessionKeys.commit(owned.fence, { keys: [key('a', '3')] })).toEqual([])
      expect((await seed.rows('messages', { id }))[0]).toMatchObject({ status: 'sending', attempts: 2 })
    })

    it('tells which of them may leave: not one that was cancelled, sent or has expired since', async () => {
      const { seed, sessionKeys } = world()
      const owned = await seedOwnedInstance(seed)
      const queued = await seedMessage(seed, owned)
      const again = await seedMessage(seed, owned, { status: 'sending', attempts: 1 })
      const expired = await seedMessage(seed, owned, { status: 'sending', attempts: 1, expiresAt: fromNow(-1_000) })
      const ended = [
        await seedMessage(seed, owned, { status: 'cancelled' }),
        await seedMessage(seed, owned, { status: 'sent' }),
      ]
      const sending = [queued, again, expired, ...ended].map(({ id }) => id)
      const became = await sessionKeys.commit(owned.fence, { keys: [key('a', '1')], sending })
      expect(became.toSorted()).toEqual([queued.id, again.id].toSorted())
      expect((await seed.rows('messages', { id: expired.id }))[0]).toMatchObject({ status: 'sending', attempts: 1 })
      // The ratchet went on all the same: its ciphertext exists, whether it leaves or not.
      expect(await stored(owned.instanceId, ['a'])).toEqual({ a: '1' })
    })

    it('changes none that ended, and none of another instance', async () => {
      const { seed, sessionKeys } = world()
      const owned = await seedOwnedInstance(seed)
      const foreign = await seedMessage(seed, await seedOwnedInstance(seed))
      const ended = await seedMessage(seed, owned, { status: 'cancelled' })
      await sessionKeys.commit(owned.fence, { sending: [ended.id, foreign.id, newId('message')] })
      expect((await seed.rows('messages', { id: ended.id }))[0]).toMatchObject({ status: 'cancelled', attempts: 0 })
      expect((await seed.rows('messages', { id: foreign.id }))[0]).toMatchObject({ status: 'queued', attempts: 0 })
    })
  })

  describe('a fence that does not hold', () => {
    it.each([
      ['an older epoch', { epoch: 0 }],
      ['another run', { incarnation: 'run-2' }],
      ['an unknown instance', { instanceId: newId('instance') }],
    ])('writes nothing at all: %s', async (_, change) => {
      const { seed, sessionKeys } = world()
      const owned = await seedOwnedInstance(seed)
      const { instanceId, fence } = owned
      const { id } = await seedMessage(seed, owned)
      await sessionKeys.commit(fence, { credentials: bytes('one'), keys: [key('a', '1')] })
      const stale = { ...fence, ...change }
      const commit = sessionKeys.commit(stale, {
        credentials: bytes('two'),
        keys: [key('a', '2'), key('b', '2')],
        journal: [entry('h')],
        sending: [id],
      })
      await expect(commit).rejects.toThrow(FencedOut)
      await expect(sessionKeys.erase(stale)).rejects.toThrow(FencedOut)
      expect(await sessionKeys.loadCredentials(instanceId)).toEqual(bytes('one'))
      expect(await stored(instanceId, ['a', 'b'])).toEqual({ a: '1' })
      expect(await sessionKeys.findJournaled(instanceId, bytes('h'))).toBeUndefined()
      expect((await seed.rows('messages', { id }))[0]).toMatchObject({ status: 'queued', attempts: 0 })
    })

    it('is also that of a deleted instance whose keys were erased: they do not come back', async () => {
      const { seed, sessionKeys } = world()
      const { instanceId, fence } = await seedOwnedInstance(seed, { deletedAt: fromNow(-1) })
      await expect(sessionKeys.commit(fence, { credentials: bytes('one') })).rejects.toThrow(FencedOut)
      await expect(sessionKeys.commit(fence, { keys: [key('a', '1')] })).rejects.toThrow(FencedOut)
      expect(await seed.rows('sessionKeys', { instanceId })).toEqual([])
    })
  })
}
