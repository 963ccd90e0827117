import { drizzle } from 'drizzle-orm/node-postgres'
import type pg from 'pg'
import { beforeEach, describe, expect, it } from 'vitest'
import type { KeyWrite } from '#core/ports/session-keys.ts'
import { FencedOut } from '#core/ports/session-leases.ts'
import { createKeyRing } from '#db/crypto/key-ring.ts'
import { openForSuite } from '#db/testing/open-for-suite.ts'
import { openSqlWorld } from '#db/testing/worker/sql-world.ts'
import { seedOwnedInstance } from '#db/testing/worker/worker-seeds.ts'
import { testDatabaseKinds } from '#local/testing/test-databases.ts'
import { waitFor } from '#local/testing/wait-for.ts'
import { createSessionKeys } from './session-keys.ts'
import { createSessionLeases } from './session-leases.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const put = (id: string): KeyWrite => ({ type: 'session', id, value: bytes(id) })
const drop = (id: string): KeyWrite => ({ type: 'session', id, value: null })

/** Each race is held still in its worst moment by a transaction that stays open. */
describe.runIf(testDatabaseKinds().includes('postgres'))('the locks of sessions', () => {
  const world = openForSuite(() => openSqlWorld('postgres'))
  beforeEach(() => world().reset())

  /** Runs `inside` in a transaction, then `meanwhile`, until `waiting` statements wait for it; then commits. */
  async function whileOpen<T>(
    inside: (client: pg.PoolClient) => Promise<unknown>,
    meanwhile: () => Promise<T>[],
    waiting: number,
  ): Promise<PromiseSettledResult<T>[]> {
    const client = await world().pool.connect()
    try {
      await client.query('BEGIN')
      await inside(client)
      const settled = Promise.allSettled(meanwhile())
      await waitFor(async () => (await statementsThatWait()) === waiting, { what: `${waiting} statements to wait` })
      await client.query('COMMIT')
      return await settled
    } finally {
      client.release(true)
    }
  }

  async function statementsThatWait(): Promise<number> {
    const { rows } = await world().pool.query<{ count: number }>(`
      SELECT count(*)::integer AS count FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock'`)
    return rows[0]?.count ?? 0
  }

  // It must not wait: a run that was stopped in the middle of a commit would hold up all other instances of the same look.
  it('let an acquisition pass by an instance whose commit began under the older epoch, and take it after that', async () => {
    const { seed, sessionKeys, sessionLeases, sessionRingSpec } = world()
    const { serverId, instanceId, fence } = await seedOwnedInstance(seed)
    await seed.update('servers', { id: serverId }, { incarnation: 'run-2' })
    await whileOpen(
      async (client) => {
        await createSessionKeys(drizzle({ client }), createKeyRing(sessionRingSpec)).commit(fence, { keys: [put('a')] })
        expect(await sessionLeases.acquire(serverId, 'run-2', [instanceId])).toEqual([])
      },
      () => [],
      0,
    )
    expect(await sessionLeases.acquire(serverId, 'run-2', [instanceId])).toMatchObject([{ instanceId, epoch: 2 }])
    expect((await sessionKeys.get(instanceId, 'session', ['a'])).size).toBe(1)
    await expect(sessionKeys.commit(fence, { keys: [put('b')] })).rejects.toThrow(FencedOut)
  })

  it('make a commit wait for an acquisition that began, and refuse it then', async () => {
    const { seed, sessionKeys, outbox } = world()
    const { serverId, instanceId, fence } = await seedOwnedInstance(seed)
    await sessionKeys.commit(fence, { credentials: bytes('c') })
    await seed.update('servers', { id: serverId }, { incarnation: 'run-2' })
    const results = await whileOpen<unknown>(
      (client) => createSessionLeases(drizzle({ client })).acquire(serverId, 'run-2', [instanceId]),
      () => [
        sessionKeys.commit(fence, { keys: [put('a')] }),
        sessionKeys.erase(fence),
        outbox.applyReceipt(fence, { waMessageIds: ['W'], status: 'read' }),
      ],
      3,
    )
    for (const result of results) expect(result).toMatchObject({ reason: expect.any(FencedOut) })
    expect(await seed.rows('sessionKeys', { instanceId })).toEqual([])
    expect(await sessionKeys.loadCredentials(instanceId)).toEqual(bytes('c'))
  })

  it.each([
    ['the first commit', false, {}],
    ['a commit of keys', true, {}],
    ['a commit of credentials', true, { credentials: bytes('new') }],
  ])('let nothing come back that a deletion erases while it waits: %s', async (_, paired, change) => {
    const { seed, sessionKeys } = world()
    const { instanceId, fence } = await seedOwnedInstance(seed)
    if (paired) await sessionKeys.commit(fence, { credentials: bytes('c'), keys: [put('a')] })
    const [result] = await whileOpen(
      async (client) => {
        await client.query('SELECT FROM instance_leases WHERE instance_id = $1 FOR UPDATE', [instanceId])
        await client.query('UPDATE instances SET deleted_at = now() WHERE id = $1', [instanceId])
        await client.query('DELETE FROM session_keys WHERE instance_id = $1', [instanceId])
        await client.query('DELETE FROM session_credentials WHERE instance_id = $1', [instanceId])
      },
      () => [sessionKeys.commit(fence, { ...change, keys: [put('b')] })],
      1,
    )
    expect(result).toMatchObject({ reason: expect.any(FencedOut) })
    expect(await seed.rows('sessionKeys', { instanceId })).toEqual([])
    expect(await seed.rows('sessionCredentials', { instanceId })).toEqual([])
  })

  it('make erasing wait for a commit that began, and erase what it wrote', async () => {
    const { seed, sessionKeys, sessionRingSpec } = world()
    const { instanceId, fence } = await seedOwnedInstance(seed)
    await sessionKeys.commit(fence, { credentials: bytes('c') })
    await whileOpen(
      (client) =>
        createSessionKeys(drizzle({ client }), createKeyRing(sessionRingSpec)).commit(fence, { keys: [put('a')] }),
      () => [sessionKeys.erase(fence)],
      1,
    )
    expect(await seed.rows('sessionKeys', { instanceId })).toEqual([])
    expect(await seed.rows('sessionCredentials', { instanceId })).toEqual([])
  })

  it('leave what is committed during an erasure readable, under a new data key', async () => {
    const { seed, sessionKeys } = world()
    const { instanceId, fence } = await seedOwnedInstance(seed)
    await sessionKeys.commit(fence, { credentials: bytes('c'), keys: [put('a')] })
    const [result] = await whileOpen(
      async (client) => {
        // What `erase` does.
        await client.query('DELETE FROM session_credentials WHERE instance_id = $1', [instanceId])
        await client.query('DELETE FROM session_keys WHERE instance_id = $1', [instanceId])
      },
      () => [sessionKeys.commit(fence, { keys: [put('b')] })],
      1,
    )
    expect(result?.status).toBe('fulfilled')
    expect([...(await sessionKeys.get(instanceId, 'session', ['a', 'b'])).keys()]).toEqual(['b'])
    expect(await sessionKeys.loadCredentials(instanceId)).toBeUndefined()
  })

  it.each([
    ['puts meet puts', [put('b'), put('m'), put('z')], [put('z'), put('m'), put('b')]],
    ['puts meet deletes', [drop('b'), put('a'), put('m'), put('z')], [put('b'), put('m'), put('z'), drop('a')]],
    ['deletes meet deletes', [drop('z'), drop('m'), drop('b')], [drop('b'), drop('m'), drop('z')]],
  ])('are taken in one order, so that commits never deadlock: %s', async (_, one, other) => {
    const { seed, sessionKeys } = world()
    const { instanceId, fence } = await seedOwnedInstance(seed)
    await sessionKeys.commit(fence, { credentials: bytes('c'), keys: ['a', 'b', 'm', 'z'].map(put) })
    // Each takes what comes before `m`, then waits for `m`, and reaches for the rest when it is let go.
    const results = await whileOpen(
      (client) => client.query(`SELECT FROM session_keys WHERE instance_id = $1 AND id = 'm' FOR UPDATE`, [instanceId]),
      () => [one, other].map((keys) => sessionKeys.commit(fence, { keys })),
      2,
    )
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled'])
  })
})
