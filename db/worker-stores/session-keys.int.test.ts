import { getTableName, sql } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import type { InstanceId } from '#contracts/ids.ts'
import { CredentialsCorrupt, type SessionKeys } from '#core/ports/session-keys.ts'
import { createKeyRing, newKeyRingSpec } from '#db/crypto/key-ring.ts'
import { openForSuite } from '#db/testing/open-for-suite.ts'
import { allTables } from '#db/testing/sql-seed.ts'
import { openSqlWorld } from '#db/testing/worker/sql-world.ts'
import { seedOwnedInstance } from '#db/testing/worker/worker-seeds.ts'
import { testDatabaseKinds } from '#local/testing/test-databases.ts'
import { createSessionKeys } from './session-keys.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

describe.each(testDatabaseKinds())('session keys at rest on %s', (kind) => {
  const world = openForSuite(() => openSqlWorld(kind))
  beforeEach(() => world().reset())

  /** The same stores in another process: nothing is remembered there. */
  const elsewhere = (spec = world().sessionRingSpec) => createSessionKeys(world().database, createKeyRing(spec))
  const valueOf = async (keys: SessionKeys, instanceId: InstanceId, type: string, id: string) =>
    (await keys.get(instanceId, type, [id])).get(id)

  async function paired() {
    const owned = await seedOwnedInstance(world().seed)
    await world().sessionKeys.commit(owned.fence, {
      credentials: bytes('credentials'),
      keys: ['a', 'b'].map((id) => ({ type: 'session', id, value: bytes(`session ${id}`) })),
    })
    return owned
  }

  it('are nowhere in a dump of the database', async () => {
    const { seed, sessionKeys, pool } = world()
    const { fence } = await seedOwnedInstance(seed)
    const secrets = Array.from({ length: 4 }, () => crypto.getRandomValues(new Uint8Array(32)))
    const [credentials, ...values] = secrets
    await sessionKeys.commit(fence, {
      credentials,
      keys: values.map((value, id) => ({ type: 'pre-key', id: String(id), value })),
    })
    let dump = ''
    for (const table of Object.values(allTables)) {
      const { rows } = await pool.query(`SELECT t::text AS row FROM ${getTableName(table)} t`)
      dump += JSON.stringify(rows)
    }
    expect(dump).toContain(fence.instanceId)
    for (const secret of secrets) {
      const part = Buffer.from(secret.subarray(0, 12))
      expect(dump).not.toContain(part.toString('hex'))
      expect(dump).not.toContain(part.toString('base64'))
    }
  })

  it('are read and written by every process that has the key ring', async () => {
    const { instanceId, fence } = await paired()
    const other = elsewhere()
    expect(await other.loadCredentials(instanceId)).toEqual(bytes('credentials'))
    await elsewhere().commit(fence, { keys: [{ type: 'session', id: 'a', value: bytes('changed') }] })
    expect(await valueOf(other, instanceId, 'session', 'a')).toEqual(bytes('changed'))
    expect(await valueOf(world().sessionKeys, instanceId, 'session', 'a')).toEqual(bytes('changed'))
  })

  it('are corrupt for a process with another key ring, and can still be erased there', async () => {
    const { instanceId, fence } = await paired()
    const other = elsewhere(newKeyRingSpec())
    await expect(other.loadCredentials(instanceId)).rejects.toThrow(CredentialsCorrupt)
    await expect(other.get(instanceId, 'session', ['a'])).rejects.toThrow(CredentialsCorrupt)
    await expect(other.commit(fence, { credentials: bytes('x') })).rejects.toThrow(CredentialsCorrupt)
    await other.erase(fence)
    await other.commit(fence, { credentials: bytes('new') })
    expect(await other.loadCredentials(instanceId)).toEqual(bytes('new'))
  })

  it('survive the rotation of the key ring while sessions run', async () => {
    const { instanceId, fence } = await paired()
    const { database, sessionRingSpec, sessionKeys } = world()
    const rotated = `${newKeyRingSpec('k2')},${sessionRingSpec}`
    await rewrap(instanceId, createKeyRing(rotated))
    const running = elsewhere(rotated)
    await running.commit(fence, { keys: [{ type: 'session', id: 'c', value: bytes('after') }] })
    expect(await valueOf(running, instanceId, 'session', 'a')).toEqual(bytes('session a'))
    expect(await valueOf(running, instanceId, 'session', 'c')).toEqual(bytes('after'))
    // A process that has only the old key cannot follow; it must not write under what it remembers either.
    const write = sessionKeys.commit(fence, { keys: [{ type: 'session', id: 'd', value: bytes('stale') }] })
    await expect(write).rejects.toThrow(CredentialsCorrupt)
    const { rows } = await database.execute(sql`SELECT FROM session_keys WHERE id = 'd'`)
    expect(rows).toEqual([])

    async function rewrap(id: InstanceId, ring: ReturnType<typeof createKeyRing>) {
      const [row] = await world().seed.rows('sessionCredentials', { instanceId: id })
      if (row === undefined) throw new Error('Nothing was stored.')
      const place = JSON.stringify(['data-key', id])
      const raw = await ring.open(row.keyRingId, row.wrappedDataKey, place)
      const { keyRingId, sealed } = await ring.seal(raw, place)
      await world().seed.update('sessionCredentials', { instanceId: id }, { keyRingId, wrappedDataKey: sealed })
    }
  })

  it('are read with the new data key after another process erased and paired anew', async () => {
    const { instanceId, fence } = await paired()
    const other = elsewhere()
    await other.erase(fence)
    await other.commit(fence, { credentials: bytes('new'), keys: [{ type: 'session', id: 'n', value: bytes('n') }] })
    expect(await valueOf(world().sessionKeys, instanceId, 'session', 'n')).toEqual(bytes('n'))
    await world().sessionKeys.erase(fence)
    await elsewhere().commit(fence, { credentials: bytes('newer') })
    await world().sessionKeys.commit(fence, { keys: [{ type: 'session', id: 'm', value: bytes('m') }] })
    expect(await valueOf(elsewhere(), instanceId, 'session', 'm')).toEqual(bytes('m'))
  })

  it.each([
    [
      'another key of the session',
      `UPDATE session_keys k SET value = o.value FROM session_keys o
      WHERE k.instance_id = $1 AND k.id = 'a' AND o.instance_id = $1 AND o.id = 'b'`,
    ],
    ['a key of another type', `UPDATE session_keys SET type = 'sender-key' WHERE instance_id = $1 AND id = 'a'`],
    [
      'the credentials',
      `UPDATE session_keys k SET value = c.credentials FROM session_credentials c
      WHERE k.instance_id = $1 AND k.id = 'a' AND c.instance_id = $1`,
    ],
    [
      'changed bytes',
      `UPDATE session_keys SET value = set_byte(value, 20, get_byte(value, 20) # 1)
      WHERE instance_id = $1 AND id = 'a'`,
    ],
    ['nothing', `UPDATE session_keys SET value = '' WHERE instance_id = $1 AND id = 'a'`],
  ])('do not open when a row holds %s', async (_, statement) => {
    const { instanceId } = await paired()
    await world().pool.query(statement, [instanceId])
    const type = statement.includes('sender-key') ? 'sender-key' : 'session'
    const read = world().sessionKeys.get(instanceId, type, ['a'])
    await expect(read).rejects.toThrow(CredentialsCorrupt)
    await expect(read).rejects.not.toThrow(/session a/)
    expect(await valueOf(world().sessionKeys, instanceId, 'session', 'b')).toEqual(bytes('session b'))
  })

  it("do not open when credentials, or the whole row, are another instance's", async () => {
    const one = await paired()
    const two = await paired()
    const { pool } = world()
    const swap = (columns: string[]) =>
      pool.query(
        `UPDATE session_credentials c SET ${columns.map((column) => `${column} = o.${column}`).join(', ')}
         FROM session_credentials o WHERE c.instance_id = $1 AND o.instance_id = $2`,
        [one.instanceId, two.instanceId],
      )
    await swap(['credentials'])
    await expect(elsewhere().loadCredentials(one.instanceId)).rejects.toThrow(CredentialsCorrupt)
    await swap(['credentials', 'wrapped_data_key', 'key_ring_id'])
    await expect(elsewhere().loadCredentials(one.instanceId)).rejects.toThrow(CredentialsCorrupt)
    expect(await elsewhere().loadCredentials(two.instanceId)).toEqual(bytes('credentials'))
  })

  it('are one data key for all parallel first commits of a process', async () => {
    const { fence, instanceId } = await seedOwnedInstance(world().seed)
    const keys = elsewhere()
    const ids = Array.from({ length: 8 }, (_, index) => String(index))
    await Promise.all(ids.map((id) => keys.commit(fence, { keys: [{ type: 'session', id, value: bytes(id) }] })))
    expect((await elsewhere().get(instanceId, 'session', ids)).size).toBe(8)
  })

  it('are committed although a stanza holds text that PostgreSQL refuses', async () => {
    const { seed, sessionKeys } = world()
    const { fence, instanceId } = await seedOwnedInstance(seed)
    const stanza = { notify: 'a\0b', half: 'x\uD83D', whole: '\u{1F600}', slash: '\\u0000' }
    const journal = [{ ciphertextHash: bytes('h'), waMessageId: 'W\0', stanza, plaintext: bytes('\0') }]
    await sessionKeys.commit(fence, { journal })
    const [row] = await seed.rows('inboundJournal', { instanceId })
    expect(row?.waMessageId).toBe('W\uFFFD')
    expect(row?.stanza).toEqual({ notify: 'a\uFFFDb', half: 'x\uFFFD', whole: '\u{1F600}', slash: '\\u0000' })
    expect(row?.plaintext).toEqual(bytes('\0'))
  })
})
