import { beforeEach, describe, expect, it } from 'vitest'
import { newId, type InstanceId } from '#contracts/ids.ts'
import type { KeyWrite } from '#core/ports/session-keys.ts'
import { FencedOut } from '#core/ports/session-leases.ts'
import { seedCustomer, seedInstance, seedServer } from '#core/testing/seed.ts'
import { createEdgeDatabase } from '#db/clients/neon-http.ts'
import { createKeyRing } from '#db/crypto/key-ring.ts'
import { createInstances } from '#db/edge-stores/instances.ts'
import { openForSuite } from '#db/testing/open-for-suite.ts'
import { openSqlWorld } from '#db/testing/worker/sql-world.ts'
import { eventsOf, seedMessage, seedOwnedInstance } from '#db/testing/worker/worker-seeds.ts'
import { waitFor } from '#local/testing/wait-for.ts'
import { testDatabaseKinds } from '#local/testing/test-databases.ts'
import { createSessionKeys } from './session-keys.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const times = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, index) => make(index))

/** PGlite runs one transaction after the other; what is at stake here shows on a real PostgreSQL only. */
describe.runIf(testDatabaseKinds().includes('postgres'))('sessions that write at the same time', () => {
  const world = openForSuite(() => openSqlWorld('postgres'))
  beforeEach(() => world().reset())

  it('commit nothing under an older epoch once another run has acquired the instance', async () => {
    const { seed, sessionKeys, sessionLeases } = world()
    const { serverId, instanceId, fence } = await seedOwnedInstance(seed)
    let owner = fence
    for (let round = 1; round <= 15; round++) {
      const old = owner
      const writers = times(6, async (writer) => {
        for (let step = 0; ; step++) {
          const keys = [{ type: 'session', id: `${writer}`, value: bytes(`${round}/${step}`) }]
          const journal = [
            {
              ciphertextHash: bytes(`${round}/${writer}/${step}`),
              waMessageId: null,
              stanza: {},
              plaintext: bytes(''),
            },
          ]
          await sessionKeys.commit(old, { keys, journal })
        }
      })
      const ends = writers.map((writer) => writer.catch((error: unknown) => error))
      // Only a run that holds the server's lease can acquire: the former run's lease ended meanwhile.
      await seed.update('servers', { id: serverId }, { incarnation: `run-${round + 1}` })
      // It passes by while a commit holds the row; the next look gets it.
      owner = await waitFor(async () => (await sessionLeases.acquire(serverId, `run-${round + 1}`, [instanceId]))[0], {
        what: 'the instance to be acquired',
        timeoutMs: 30_000,
        intervalMs: 1,
      })
      const atOnce = await stateOf(instanceId)
      const errors = await Promise.all(ends)
      expect(errors.every((error) => error instanceof FencedOut)).toBe(true)
      expect(await stateOf(instanceId)).toEqual(atOnce)
    }
    expect(owner.epoch).toBe(16)

    async function stateOf(id: InstanceId) {
      const keys = (await seed.rows('sessionKeys', { instanceId: id })).map((row) =>
        Buffer.from(row.value).toString('hex'),
      )
      return { keys: keys.toSorted(), journaled: (await seed.rows('inboundJournal', { instanceId: id })).length }
    }
  })

  it('acquire an instance once, however many ask', async () => {
    const { seed, sessionLeases } = world()
    const customerId = await seedCustomer(seed)
    const serverId = await seedServer(seed)
    const lease = { epoch: 0, ownerIncarnation: null }
    const ids: InstanceId[] = []
    for (let index = 0; index < 20; index++) ids.push(await seedInstance(seed, { customerId, serverId }, {}, lease))
    const orders = times(6, (index) => (index % 2 === 0 ? ids : ids.toReversed()))
    const acquired = (await Promise.all(orders.map((order) => sessionLeases.acquire(serverId, 'run-1', order)))).flat()
    expect(acquired.map(({ instanceId }) => instanceId).toSorted()).toEqual(ids.toSorted())
    expect(acquired.every(({ epoch }) => epoch === 1)).toBe(true)
  })

  it('never deadlock, whatever the commits of one instance have in common', async () => {
    const { seed, sessionKeys, sessionLeases, outbox, inbound } = world()
    const owned = await seedOwnedInstance(seed)
    const { fence, instanceId } = owned
    const messages = await Promise.all(times(30, () => seedMessage(seed, owned)))
    const waMessageIds = messages.map(({ waMessageId }) => waMessageId)
    await sessionKeys.commit(fence, { credentials: bytes('c') })

    const committers = times(6, async (writer) => {
      for (let step = 0; step < 40; step++) {
        await sessionKeys.commit(fence, {
          keys: randomWrites(),
          ...(step % 4 === writer % 4 ? { credentials: bytes(`${writer}/${step}`) } : {}),
          journal: [
            { ciphertextHash: bytes(`${writer % 2}/${step}`), waMessageId: null, stanza: {}, plaintext: bytes('') },
          ],
          sending: [messages[(writer * 7 + step) % messages.length]!.id],
        })
      }
    })
    const reporter = (async () => {
      for (let step = 0; step < 40; step++) {
        const [state, reason] =
          step % 2 === 0 ? (['disconnected', 'wa-unavailable'] as const) : (['connected', null] as const)
        await sessionLeases.reportState(fence, { state, reason })
      }
    })()
    const receipts = times(2, async (index) => {
      for (let step = 0; step < 20; step++) {
        await outbox.applyReceipt(fence, {
          waMessageIds: step % 2 === index ? waMessageIds : waMessageIds.toReversed(),
          status: step < 10 ? 'delivered' : 'read',
        })
      }
    })
    const senders = messages.map(({ id }) => outbox.markSent(fence, id))
    const projectors = times(2, async () => {
      for (let step = 0; step < 20; step++) {
        for (const row of await inbound.unprojected([instanceId], 5)) {
          const content = { type: 'text', text: { body: 'x' } } as const
          await inbound.project(row, { waMessageId: String(row.seq), chat: '1', sender: '1', content })
        }
      }
    })
    await Promise.all([...committers, reporter, ...receipts, ...senders, ...projectors])
    await eventsOf(seed, instanceId)
  })

  it('are sealed by one data key although two processes made the first commit', async () => {
    const { seed, database, sessionRingSpec } = world()
    for (let round = 0; round < 10; round++) {
      const { fence, instanceId } = await seedOwnedInstance(seed)
      const processes = times(4, () => createSessionKeys(database, createKeyRing(sessionRingSpec)))
      const write = (id: number): KeyWrite => ({ type: 'session', id: String(id), value: bytes(String(id)) })
      await Promise.all(processes.map((keys, index) => keys.commit(fence, { keys: [write(index)] })))
      const reader = createSessionKeys(database, createKeyRing(sessionRingSpec))
      expect((await reader.get(instanceId, 'session', ['0', '1', '2', '3'])).size).toBe(4)
    }
  })

  it.each(['its first commits', 'commits of a paired session'])(
    'leave nothing behind when the instance is deleted during %s',
    async (when) => {
      const { seed, sessionKeys, testDatabase } = world()
      const instances = createInstances(
        createEdgeDatabase({
          connectionString: testDatabase.neonConnectionString,
          fetchEndpoint: testDatabase.neonFetchEndpoint,
        }),
      )
      for (let round = 0; round < 10; round++) {
        const { customerId, instanceId, fence } = await seedOwnedInstance(seed)
        if (when !== 'its first commits') await sessionKeys.commit(fence, { credentials: bytes('c') })
        const commits = times(12, (index) =>
          sessionKeys.commit(fence, {
            ...(index % 3 === 0 ? { credentials: bytes('c') } : {}),
            keys: [{ type: 'session', id: String(index), value: bytes('x') }],
          }),
        ).map((commit) => commit.catch((error: unknown) => error))
        expect(await instances.remove(customerId, instanceId)).toBe(true)
        const errors = (await Promise.all(commits)).filter((answer) => !Array.isArray(answer))
        expect(errors.every((error) => error instanceof FencedOut)).toBe(true)
        expect(await seed.rows('sessionKeys', { instanceId })).toEqual([])
        expect(await seed.rows('sessionCredentials', { instanceId })).toEqual([])
      }
    },
  )
})

/** Puts, inserts and deletes of a few keys that all commits share, in any order. */
function randomWrites(): KeyWrite[] {
  return times(4, () => {
    const id = String(Math.floor(Math.random() * 6))
    const kind = Math.floor(Math.random() * 3)
    const type = kind === 2 ? 'pre-key' : 'session'
    if (kind === 0) return { type, id, value: null }
    return { type, id, value: bytes(newId('event')), insertOnly: Math.random() < 0.3 }
  })
}
