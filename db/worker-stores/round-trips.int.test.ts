import { describe, expect, it, vi } from 'vitest'
import { openForSuite } from '#db/testing/open-for-suite.ts'
import { openSqlWorld } from '#db/testing/worker/sql-world.ts'
import { seedDelivery, seedEndpoint, seedMessage, seedOwnedInstance } from '#db/testing/worker/worker-seeds.ts'
import { testDatabaseKinds } from '#local/testing/test-databases.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

// Clients of PGlite share a session, where a statement can be sent twice until its name is known to be taken.
describe.runIf(testDatabaseKinds().includes('postgres'))('round trips to the database', () => {
  const world = openForSuite(() => openSqlWorld('postgres'))

  /** How many statements the work sends; a transaction of several would take a connection for itself. */
  async function statementsOf(work: () => Promise<unknown>): Promise<number> {
    const { workerPool } = world()
    const query = vi.spyOn(workerPool, 'query')
    const connect = vi.spyOn(workerPool, 'connect')
    try {
      await work()
      expect(connect.mock.calls.length).toBeLessThanOrEqual(query.mock.calls.length)
      return query.mock.calls.length
    } finally {
      query.mockRestore()
      connect.mockRestore()
    }
  }

  it('are one per step of a message, out and in', async () => {
    const { seed, sessionKeys, outbox, inbound, sessionLeases, deliveries } = world()
    const owned = await seedOwnedInstance(seed)
    const { fence, instanceId, serverId } = owned
    const { id, waMessageId } = await seedMessage(seed, owned)
    const ratchet = { keys: [{ type: 'session', id: '1', value: bytes('x') }] }
    await sessionKeys.commit(fence, { credentials: bytes('c'), ...ratchet })

    expect(await statementsOf(() => outbox.heads([{ instanceId, after: '' }], { chats: 10, hinted: [id] }))).toBe(1)
    expect(await statementsOf(() => sessionKeys.get(instanceId, 'session', ['1']))).toBe(1)
    expect(await statementsOf(() => sessionKeys.commit(fence, { ...ratchet, sending: [id] }))).toBe(1)
    expect(await statementsOf(() => outbox.markSent(fence, id))).toBe(1)
    expect(await statementsOf(() => outbox.applyReceipt(fence, { waMessageIds: [waMessageId], status: 'read' }))).toBe(
      1,
    )

    const more = await Promise.all(
      Array.from({ length: 20 }, (_, n) => seedMessage(seed, owned, { chat: `+55119${n}` })),
    )
    expect(await statementsOf(() => Promise.all(more.map((message) => outbox.markSent(fence, message.id))))).toBe(1)
    const receipt = (one: (typeof more)[number]) =>
      outbox.applyReceipt(fence, { waMessageIds: [one.waMessageId], status: 'delivered' })
    expect(await statementsOf(() => Promise.all(more.map(receipt)))).toBe(1)

    const entry = { ciphertextHash: bytes('h'), waMessageId: 'W', stanza: {}, plaintext: bytes('p') }
    expect(await statementsOf(() => sessionKeys.commit(fence, { ...ratchet, journal: [entry] }))).toBe(1)
    const [row] = await inbound.unprojected([instanceId], 1)
    if (row === undefined) throw new Error('Nothing was journaled.')
    const message = {
      waMessageId: 'W',
      chat: '1',
      sender: '1',
      content: { type: 'text', text: { body: 'x' } },
    } as const
    expect(await statementsOf(() => inbound.project(row, message))).toBe(1)

    const endpointId = await seedEndpoint(world(), owned.customerId)
    await seedDelivery(seed, { customerId: owned.customerId, endpointId, lane: 'a' })
    const claim = { token: 't', incarnation: 'run-1', claimMs: 45_000, limit: 1, perEndpoint: 1, perCustomer: 1 }
    const claimed = await deliveries.claimDueAcrossCustomers(claim)
    expect(claimed).toHaveLength(1)
    expect(await statementsOf(() => deliveries.claimDueAcrossCustomers(claim))).toBe(1)
    const result = { status: 200, error: null, durationMs: 1, response: null }
    expect(
      await statementsOf(() =>
        deliveries.record([{ delivery: claimed[0]!, result, verdict: { verdict: 'delivered' } }]),
      ),
    ).toBe(1)

    expect(await statementsOf(() => sessionLeases.assignments(serverId, 'run-1'))).toBe(1)
    const report = { state: 'disconnected', reason: 'wa-connection-lost' } as const
    expect(await statementsOf(() => sessionLeases.reportState(fence, report))).toBe(1)
  })
})
