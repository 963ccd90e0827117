import { beforeEach, describe, expect, it } from 'vitest'
import { openForSuite } from '#db/testing/open-for-suite.ts'
import { openSqlWorld } from '#db/testing/worker/sql-world.ts'
import {
  eventsOf,
  seedDelivery,
  seedEndpoint,
  seedMessage,
  seedOwnedInstance,
} from '#db/testing/worker/worker-seeds.ts'
import { testDatabaseKinds } from '#local/testing/test-databases.ts'

const claim = { token: 't', incarnation: 'run-1', claimMs: 45_000, limit: 10, perEndpoint: 8, perCustomer: 32 }

describe.each(testDatabaseKinds())('what strangers write does not stop the stores on %s', (kind) => {
  const world = openForSuite(() => openSqlWorld(kind))
  beforeEach(() => world().reset())

  it('a message with text that PostgreSQL refuses becomes a message', async () => {
    const { seed, inbound } = world()
    const { instanceId } = await seedOwnedInstance(seed)
    const row = await seed.insert('inboundJournal', {
      instanceId,
      ciphertextHash: new Uint8Array(32),
      stanza: {},
      plaintext: new Uint8Array(),
      epoch: 1,
    })
    const content = { type: 'text', text: { body: 'a\0b\uDC00 \\u0000 "quoted"' } } as const
    expect(await inbound.project(row, { waMessageId: 'W\0', chat: '1\0', sender: '1\0', content })).toBe(true)
    const [event] = await eventsOf(seed, instanceId)
    const body = 'a\uFFFDb\uFFFD \\u0000 "quoted"'
    expect(event?.data).toMatchObject({ wa_message_id: 'W\uFFFD', chat: '1\uFFFD', text: { body } })
  })

  it('a receipt for an id that PostgreSQL refuses holds up no other', async () => {
    const { seed, outbox } = world()
    const owned = await seedOwnedInstance(seed)
    const { fence } = owned
    const message = await seedMessage(seed, owned, { status: 'sent' })
    await outbox.applyReceipt(fence, { waMessageIds: ['W\0', message.waMessageId], status: 'delivered' })
    expect(await outbox.findByWaMessageId(fence.instanceId, 'W\0')).toBeUndefined()
    expect((await outbox.get(fence.instanceId, message.id))?.status).toBe('delivered')
  })

  it("an endpoint's answer with text that PostgreSQL refuses is kept", async () => {
    const { seed, deliveries } = world()
    const { customerId } = await seedOwnedInstance(seed)
    const endpointId = await seedEndpoint(world(), customerId)
    await seedDelivery(seed, { customerId, endpointId, lane: 'a' })
    const [delivery] = await deliveries.claimDueAcrossCustomers(claim)
    if (delivery === undefined) throw new Error('Nothing was claimed.')
    // The cut after 1,024 UTF-16 units goes through a pair.
    const response = `\0${'x'.repeat(1_022)}\u{1F600}`
    const result = { status: 200, error: null, durationMs: 1, response }
    expect((await deliveries.record([{ delivery, result, verdict: { verdict: 'delivered' } }])).kept).toEqual([true])
    expect((await seed.rows('deliveryAttempts'))[0]?.response).toBe(`\uFFFD${'x'.repeat(1_022)}\uFFFD`)
  })

  it('an endpoint whose secret cannot be read is reported and holds up no other', async () => {
    const { seed, deliveries, unreadable } = world()
    const { customerId } = await seedOwnedInstance(seed)
    const corrupt = await seedEndpoint(world(), customerId, { secret: new Uint8Array(60) })
    const sound = await seedEndpoint(world(), customerId)
    for (const endpointId of [corrupt, sound]) await seedDelivery(seed, { customerId, endpointId, lane: 'a' })
    const claimed = await deliveries.claimDueAcrossCustomers(claim)
    expect(claimed.map(({ endpointId }) => endpointId)).toEqual([sound])
    expect(unreadable).toEqual([corrupt])
    expect(await deliveries.claimDueAcrossCustomers(claim)).toEqual([])
  })
})
