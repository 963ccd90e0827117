import { beforeAll, describe, expect, it } from 'vitest'
import { newId } from '#contracts/ids.ts'
import { createEdgeDatabase } from '#db/clients/neon-http.ts'
import { createMessages } from '#db/edge-stores/messages.ts'
import { openForSuite } from '#db/testing/open-for-suite.ts'
import { openSqlWorld } from '#db/testing/worker/sql-world.ts'
import { eventsOf, seedMessage, seedOwnedInstance, type OwnedInstance } from '#db/testing/worker/worker-seeds.ts'
import { testDatabaseKinds } from '#local/testing/test-databases.ts'

const flood = 20_000

/** Index entries and rows that a plan came to, over all its nodes. */
interface PlanNode {
  'Node Type': string
  'Actual Rows': number
  'Actual Loops': number
  Plans?: PlanNode[]
}

function rowsRead({ Plans = [], ...node }: PlanNode): number {
  const own = node['Node Type'].includes('Scan') ? node['Actual Rows'] * node['Actual Loops'] : 0
  return own + Plans.reduce((sum, child) => sum + rowsRead(child), 0)
}

describe.runIf(testDatabaseKinds().includes('postgres'))('the outbox on PostgreSQL', () => {
  const world = openForSuite(() => openSqlWorld('postgres'))
  let one: OwnedInstance
  let quiet: OwnedInstance

  /** Queued messages of `one`; `chat` is an expression over their number `n`. */
  async function queueFlood(name: string, chat: string): Promise<void> {
    await world().pool.query(
      `INSERT INTO messages (id, customer_id, instance_id, direction, chat, sender, wa_message_id, type, content, status,
         expires_at)
       SELECT 'msg_' || $3 || n, $1, $2, 'outbound', ${chat}, 'self', $3 || n, 'text',
         jsonb_build_object('type', 'text', 'text', jsonb_build_object('body', n::text)), 'queued', now() + interval '1 day'
       FROM generate_series(1, ${flood}) AS n`,
      [one.customerId, one.instanceId, name],
    )
    await world().pool.query('ANALYZE messages')
  }

  beforeAll(async () => {
    await world().reset()
    one = await seedOwnedInstance(world().seed)
    quiet = await seedOwnedInstance(world().seed)
    await seedMessage(world().seed, quiet)
  })

  it.each([
    ['one chat', `'+1'`],
    ['as many chats', `'+55' || lpad(n::text, 11, '0')`],
  ])(`reads a page when 20,000 messages wait in %s, and others' heads beside it`, async (name, chat) => {
    const { outbox, workerPool: pool } = world()
    await queueFlood(name.replaceAll(' ', '-'), chat)
    const looks = [one, quiet].map(({ instanceId }) => ({ instanceId, after: '' }))
    const statements: { text: string; values: unknown[] }[] = []
    const query = pool.query.bind(pool)
    pool.query = ((config: { text: string }, values: unknown[]) => {
      statements.push({ text: config.text, values })
      return query(config, values)
    }) as typeof pool.query
    const { entries } = await outbox.heads(looks, { chats: 50 }).finally(() => {
      pool.query = query
    })
    expect(entries.length).toBeLessThanOrEqual(51)
    expect(entries.filter(({ message }) => message.instanceId === quiet.instanceId)).toHaveLength(1)
    const { text, values } = statements[0]!
    const explained = await pool.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
      `EXPLAIN (ANALYZE, FORMAT JSON, TIMING OFF) ${text}`,
      values,
    )
    // A probe or a few for each chat of the page, and nothing that follows the 20,000.
    expect(rowsRead(explained.rows[0]!['QUERY PLAN'][0].Plan)).toBeLessThan(1_000)
  })

  it('is planned once, not at each look, however many it asks for', async () => {
    const { outbox, workerPool: pool } = world()
    for (let n = 1; n <= 12; n++) {
      const busy = Array.from({ length: n }, () => newId('message'))
      await outbox.heads([{ instanceId: quiet.instanceId, after: '' }], { chats: 50, busy, hinted: busy.slice(n / 2) })
    }
    const { rows } = await pool.query<{ generic_plans: number }>(
      `SELECT generic_plans::int FROM pg_prepared_statements WHERE statement LIKE '%steps AS%' ORDER BY 1 DESC`,
    )
    // PostgreSQL tries five plans of its own first.
    expect(rows[0]?.generic_plans).toBeGreaterThanOrEqual(7)
  })

  it('comes to every chat of a flood, page by page, once', async () => {
    const { outbox } = world()
    const seen = new Set<string>()
    for (let after: string | undefined = ''; after !== undefined;) {
      const page = await outbox.heads([{ instanceId: one.instanceId, after }], { chats: 1_000 })
      for (const { message } of page.entries) seen.add(message.chat)
      after = page.next.get(one.instanceId)
    }
    // The one chat of the first flood and those of the second.
    expect(seen.size).toBe(flood + 1)
  })

  it('either cancels a message or lets it leave, never both, when both come at once', async () => {
    const { seed, sessionKeys, testDatabase } = world()
    const owned = await seedOwnedInstance(seed)
    const edge = createEdgeDatabase({
      connectionString: testDatabase.neonConnectionString,
      fetchEndpoint: testDatabase.neonFetchEndpoint,
      requestTimeoutMs: 30_000,
    })
    const messages = createMessages(edge)
    for (let round = 0; round < 40; round++) {
      const { id } = await seedMessage(seed, owned)
      const leave = () => sessionKeys.commit(owned.fence, { sending: [id] })
      const cancel = () => messages.cancel(owned.customerId, id)
      const [left, cancelled] =
        round % 2 === 0
          ? await Promise.all([leave(), cancel()])
          : await Promise.all([cancel(), leave()]).then(([second, first]) => [first, second] as const)
      const outcome = left.length === 1 ? 'sending' : 'cancelled'
      expect(cancelled?.status).toBe(outcome)
      expect((await seed.rows('messages', { id }))[0]?.status).toBe(outcome)
    }
    const told = (await eventsOf(seed, owned.instanceId)).map(({ data }) => data.status)
    const rows = await seed.rows('messages', { instanceId: owned.instanceId, status: 'cancelled' })
    expect(told).toEqual(rows.map(() => 'cancelled'))
  })
})
