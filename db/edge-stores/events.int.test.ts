import type pg from 'pg'
import { describe, expect, it, vi } from 'vitest'
import { newId, type CustomerId } from '#contracts/ids.ts'
import { seedCustomer } from '#core/testing/seed.ts'
import { createEdgeDatabase } from '#db/clients/neon-http.ts'
import { createPool } from '#db/clients/pg-pool.ts'
import { openForSuite } from '#db/testing/open-for-suite.ts'
import { createSqlSeed } from '#db/testing/sql-seed.ts'
import { openTestDatabase, testDatabaseKinds } from '#local/testing/test-databases.ts'
import { createEvents } from './events.ts'

async function open() {
  const database = await openTestDatabase('postgres')
  const pool = createPool({ databaseUrl: database.url, max: 4 })
  const events = createEvents(
    createEdgeDatabase({
      connectionString: database.neonConnectionString,
      fetchEndpoint: database.neonFetchEndpoint,
    }),
  )
  return {
    pool,
    events,
    seed: createSqlSeed(pool),
    async close() {
      await pool.end()
      await database.close()
    },
  }
}

async function record(client: pg.Pool | pg.PoolClient, customerId: CustomerId): Promise<string> {
  const id = newId('event')
  await client.query(`INSERT INTO events (id, customer_id, type, data) VALUES ($1, $2, 'webhook.test', '{}')`, [
    id,
    customerId,
  ])
  return id
}

/**
 * Asks until `reads` holds: the horizon of the log is the whole server's, so that a transaction of another suite in
 * another database can hold the newest events back for a moment.
 */
const inTheEnd = (reads: () => Promise<void>) => vi.waitFor(reads, { timeout: 10_000, interval: 50 })

describe.runIf(testDatabaseKinds().includes('postgres'))('the event log while others write', () => {
  const opened = openForSuite(open)

  it('never skips an event that commits late: later ones wait for it', async () => {
    const { pool, seed, events } = opened()
    const customerId = await seedCustomer(seed)
    const after = (position?: Parameters<typeof events.after>[1]) => events.after(customerId, position, { limit: 10 })
    const idsOf = async (batch: ReturnType<typeof after>) => (await batch).events.map(({ event }) => event.id)
    const slow = await pool.connect()
    try {
      await slow.query('BEGIN')
      const late = await record(slow, customerId)
      const fast = await record(pool, customerId)
      const meanwhile = await after()
      expect(meanwhile).toMatchObject({ events: [], more: false })
      await slow.query('COMMIT')
      await inTheEnd(async () => expect(await idsOf(after(meanwhile.position))).toEqual([late, fast]))
    } finally {
      slow.release()
    }
  })

  it('shows what came before a transaction that still runs, and goes on when that is rolled back', async () => {
    const { pool, seed, events } = opened()
    const customerId = await seedCustomer(seed)
    const before = await record(pool, customerId)
    const slow = await pool.connect()
    try {
      await slow.query('BEGIN')
      await record(slow, customerId)
      const behind = await record(pool, customerId)
      const after = async (position?: Parameters<typeof events.after>[1]) => {
        const batch = await events.after(customerId, position, { limit: 10 })
        return { ids: batch.events.map(({ event }) => event.id), position: batch.position }
      }
      await inTheEnd(async () => expect((await after()).ids).toEqual([before]))
      const first = await after()
      expect(first.ids).toEqual([before])
      await slow.query('ROLLBACK')
      await inTheEnd(async () => expect((await after(first.position)).ids).toEqual([behind]))
    } finally {
      slow.release()
    }
  })

  it('walks the index, however long the log is', async () => {
    const { pool, seed, events } = opened()
    const customerId = await seedCustomer(seed)
    await pool.query(
      `INSERT INTO events (id, customer_id, type, data)
       SELECT 'evt_' || lpad(n::text, 26, '0'), $1, 'webhook.test', '{}' FROM generate_series(1, 20000) n`,
      [customerId],
    )
    const end = await events.after(customerId, undefined, { limit: 0 })
    const { rows } = await pool.query<{ 'QUERY PLAN': string }>(
      `EXPLAIN SELECT id FROM events
       WHERE customer_id = $1 AND xid < pg_snapshot_xmin(pg_current_snapshot()) AND (xid, id) > ($2::xid8, $3::text)
       ORDER BY xid, id LIMIT 21`,
      [customerId, end.position.xid, end.position.id],
    )
    expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toContain('events_feed_idx')
  })
})
