import { beforeEach, describe, expect, it, vi } from 'vitest'
import { newId, type InstanceId } from '#contracts/ids.ts'
import { openForSuite } from '#db/testing/open-for-suite.ts'
import { openSqlWorld } from '#db/testing/worker/sql-world.ts'
import {
  eventsOf,
  fromNow,
  seedDelivery,
  seedEndpoint,
  seedMessage,
  seedOwnedInstance,
} from '#db/testing/worker/worker-seeds.ts'
import { testDatabaseKinds } from '#local/testing/test-databases.ts'

const times = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, index) => make(index))

describe.runIf(testDatabaseKinds().includes('postgres'))('processes that work on the same rows', () => {
  const world = openForSuite(() => openSqlWorld('postgres'))
  beforeEach(() => world().reset())

  it('claim every delivery once, one at a time per lane and in its order', async () => {
    const { seed, deliveries } = world()
    const { customerId } = await seedOwnedInstance(seed)
    const endpointIds = [await seedEndpoint(world(), customerId), await seedEndpoint(world(), customerId)]
    const expected = new Map<string, string[]>()
    for (let index = 0; index < 240; index++) {
      const endpointId = endpointIds[index % 2]!
      const lane = `lane ${index % 20}`
      const { eventId } = await seedDelivery(seed, { customerId, endpointId, lane })
      expected.set(lane, [...(expected.get(lane) ?? []), eventId])
    }
    const laneOf = new Map([...expected].flatMap(([lane, ids]) => ids.map((id) => [id as string, lane])))
    const claimedInOrder = new Map<string, string[]>()
    const inFlight = new Set<string>()
    let left = 240

    async function dispatch(token: string): Promise<void> {
      while (left > 0) {
        const claimed = await deliveries.claimDueAcrossCustomers({
          token,
          incarnation: 'run-1',
          claimMs: 45_000,
          limit: 7,
          perEndpoint: 8,
          perCustomer: 32,
          random: Math.random(),
        })
        for (const { eventId } of claimed) {
          const lane = laneOf.get(eventId)!
          expect(inFlight.has(lane)).toBe(false)
          inFlight.add(lane)
          claimedInOrder.set(lane, [...(claimedInOrder.get(lane) ?? []), eventId])
        }
        left -= claimed.length
        for (const { eventId } of claimed) inFlight.delete(laneOf.get(eventId)!)
        const result = { status: 200, error: null, durationMs: 1, response: null }
        const verdict = { verdict: 'delivered' } as const
        const { kept } = await deliveries.record(claimed.map((delivery) => ({ delivery, result, verdict })))
        expect(kept.every(Boolean)).toBe(true)
      }
    }
    await Promise.all(times(4, (index) => dispatch(`dispatcher-${index}`)))
    expect(claimedInOrder).toEqual(expected)
    expect(await seed.rows('deliveries', { status: 'pending' })).toEqual([])
    expect(await seed.rows('deliveryAttempts')).toHaveLength(240)
  })

  it('find what is due behind 20,000 that are not, without reading them all', async () => {
    const { seed, deliveries, pool, workerPool } = world()
    const { customerId } = await seedOwnedInstance(seed)
    const endpoint = () => seedEndpoint(world(), customerId)
    const [flooded, waits, stuck] = [await endpoint(), await endpoint(), await endpoint()]
    await fill(flooded, `'lane ' || n`, 'now()')
    await fill(waits, `'lane ' || n`, `now() + interval '1 hour'`)
    await fill(stuck, `'lane'`, `now() + CASE n WHEN 1 THEN interval '1 hour' ELSE interval '0' END`)
    await pool.query('ANALYZE deliveries')
    const quiet = await seedOwnedInstance(seed)
    const quietId = await seedEndpoint(world(), quiet.customerId)
    const { eventId } = await seedDelivery(seed, { ...quiet, endpointId: quietId, lane: 'a' })
    const claim = {
      token: 't',
      incarnation: 'run-1',
      claimMs: 45_000,
      limit: 64,
      perEndpoint: 8,
      perCustomer: 32,
      random: 0.5,
    }

    const query = vi.spyOn(workerPool, 'query')
    const claimed = await deliveries.claimDueAcrossCustomers(claim)
    const [statement] = query.mock.calls[0] as unknown as [{ text: string }, unknown[]]
    const values = query.mock.calls[0]?.[1] as unknown as unknown[]
    query.mockRestore()
    expect(claimed.filter(({ endpointId }) => endpointId === flooded)).toHaveLength(8)
    expect(claimed.map((delivery) => delivery.eventId)).toContain(eventId)
    expect(claimed).toHaveLength(9)
    // Blocks, not time: 60,000 heads of lanes would be ten times as many.
    expect(await blocksTouched(statement.text, values)).toBeLessThan(20_000)

    async function fill(endpointId: string, lane: string, dueAt: string): Promise<void> {
      await pool.query(
        `WITH made AS (
           INSERT INTO events (id, customer_id, type, data)
           SELECT 'evt_' || left($2, 8) || right($2, 8) || n, $1, 'webhook.test', '{}' FROM generate_series(1, 20000) n
           RETURNING id)
         INSERT INTO deliveries (event_id, endpoint_id, customer_id, lane, next_attempt_at)
         SELECT 'evt_' || left($2, 8) || right($2, 8) || n, $2, $1, ${lane}, ${dueAt}
         FROM generate_series(1, 20000) n ORDER BY n`,
        [customerId, endpointId],
      )
    }

    async function blocksTouched(text: string, values: unknown[]): Promise<number> {
      const { rows } = await pool.query<{ 'QUERY PLAN': { Plan: Record<string, number> }[] }>(
        `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text}`,
        values,
      )
      const plan = rows[0]?.['QUERY PLAN'][0]?.Plan
      return (plan?.['Shared Hit Blocks'] ?? Number.NaN) + (plan?.['Shared Read Blocks'] ?? Number.NaN)
    }
  })

  it('project a journal row once, and number events without gaps', async () => {
    const { seed, inbound } = world()
    const { customerId, instanceId } = await seedOwnedInstance(seed)
    await seedEndpoint(world(), customerId)
    for (let index = 0; index < 40; index++) await journal(instanceId, index)
    const rows = await inbound.unprojected([instanceId], 100)
    const project = () =>
      Promise.all(
        rows.map((row) => {
          const content = { type: 'text', text: { body: 'x' } } as const
          return inbound.project(row, { waMessageId: String(row.seq), chat: '1', sender: '1', content })
        }),
      )
    const news = (await Promise.all(times(3, project))).flat()
    expect(news.filter(Boolean)).toHaveLength(40)
    const events = await eventsOf(seed, instanceId)
    expect(events).toHaveLength(40)
    // What is delivered first in a lane is what has the lower sequence.
    const due = (await seed.rows('deliveries')).toSorted((a, b) => a.seq - b.seq)
    expect(due.map(({ eventId }) => eventId)).toEqual(events.map(({ id }) => id))

    async function journal(id: InstanceId, index: number) {
      const ciphertextHash = new TextEncoder().encode(newId('event'))
      const plaintext = new Uint8Array([index])
      await seed.insert('inboundJournal', { instanceId: id, ciphertextHash, stanza: {}, plaintext, epoch: 1 })
    }
  })

  it('end every expired message once, across instances, while sessions write', async () => {
    const { seed, outbox } = world()
    const owned = await Promise.all(times(4, () => seedOwnedInstance(seed)))
    for (let index = 0; index < 80; index++) {
      await seedMessage(seed, owned[index % 4]!, { expiresAt: fromNow(-1_000), chat: `+551199999${1_000 + index}` })
    }
    const alive = await Promise.all(times(40, (index) => seedMessage(seed, owned[index % 4]!)))
    const sweep = async () => {
      let ended = 0
      for (let round = 0; round < 12; round++) ended += await outbox.expireDueAcrossCustomers(10)
      return ended
    }
    const fences = new Map(owned.map(({ instanceId, fence }) => [instanceId, fence]))
    const sent = alive.map(({ id, instanceId }) => outbox.markSent(fences.get(instanceId)!, id))
    const ended = await Promise.all(times(4, sweep))
    expect((await Promise.all(sent)).every((message) => message?.status === 'sent')).toBe(true)
    expect(ended.reduce((sum, count) => sum + count, 0)).toBe(80)
    for (const { instanceId } of owned) expect(await eventsOf(seed, instanceId)).toHaveLength(30)
  })
})
