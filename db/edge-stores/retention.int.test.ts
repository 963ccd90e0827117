import type { SQL } from 'drizzle-orm'
import { PgDialect } from 'drizzle-orm/pg-core'
import pg from 'pg'
import { describe, expect, it } from 'vitest'
import type { Retention } from '#core/ports/retention.ts'
import type { EdgeDatabase } from '#db/clients/neon-http.ts'
import { openForSuite } from '#db/testing/open-for-suite.ts'
import { openTestDatabase } from '#local/testing/test-databases.ts'
import { createRetention } from './retention.ts'

type Method = Exclude<keyof Retention, 'purgeAuditLogsAcrossCustomers'>

/** The index in whose order each job looks for what is due. */
const indexes: Record<Method, string> = {
  emptyJournalAcrossCustomers: 'inbound_journal_plaintext_idx',
  purgeJournalAcrossCustomers: 'inbound_journal_hash_idx',
  purgeUndecryptableAcrossCustomers: 'undecryptable_messages_failed_at_idx',
  purgeDeliveryAttemptsAcrossCustomers: 'delivery_attempts_attempted_at_idx',
  purgeEventsAcrossCustomers: 'events_retention_idx',
  purgeMessagesAcrossCustomers: 'messages_seq_key',
  eraseLoggedOutSessionsAcrossCustomers: 'instances_logged_out_idx',
  purgeDeletedEndpointsAcrossCustomers: 'webhook_endpoints_deleted_at_idx',
  purgeDeletedInstancesAcrossCustomers: 'instances_deleted_at_idx',
}

type Query = Pick<ReturnType<PgDialect['sqlToQuery']>, 'sql' | 'params'>

interface PlanNode {
  'Node Type': string
  'Index Name'?: string
  'Relation Name'?: string
  Plans?: PlanNode[]
}

/** The statement that a method sends. */
async function statementOf(method: Method): Promise<Query> {
  let sent: SQL | undefined
  const recorder = {
    async execute(statement: SQL) {
      sent = statement
      return { rows: [], rowCount: 0 }
    },
  }
  await createRetention(recorder as unknown as EdgeDatabase)[method](500)
  if (sent === undefined) throw new Error(`${method} sent nothing.`)
  return new PgDialect().sqlToQuery(sent)
}

function nodesOf(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)]
}

describe('a batch of a retention job', () => {
  const opened = openForSuite(async () => {
    const database = await openTestDatabase('pglite')
    const client = new pg.Client(database.url)
    await client.connect()
    return {
      client,
      async close() {
        await client.end()
        await database.close()
      },
    }
  })

  /** With the ways that a small table would be read by switched off: what is left of them could not be avoided. */
  async function explain({ sql, params }: Query): Promise<PlanNode[]> {
    const { client } = opened()
    await client.query('BEGIN')
    try {
      for (const way of ['seqscan', 'bitmapscan', 'sort', 'hashjoin', 'mergejoin']) {
        await client.query(`SET LOCAL enable_${way} = off`)
      }
      const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
        `EXPLAIN (FORMAT JSON) ${sql}`,
        params,
      )
      return nodesOf(rows[0]!['QUERY PLAN'][0].Plan)
    } finally {
      await client.query('ROLLBACK')
    }
  }

  async function expectToGoBy(index: string, query: Query): Promise<void> {
    const nodes = await explain(query)
    const whole = nodes.filter((node) => ['Seq Scan', 'Sort'].includes(node['Node Type']))
    expect(whole.map((node) => `${node['Node Type']} ${node['Relation Name'] ?? ''}`)).toEqual([])
    expect(nodes.map((node) => node['Index Name'])).toContain(index)
  }

  it.each(Object.entries(indexes) as [Method, string][])(
    '%s reads no table whole and sorts nothing: it goes by %s',
    async (method, index) => expectToGoBy(index, await statementOf(method)),
  )

  it('of the audit log does so inside of its function', async () => {
    const { rows } = await opened().client.query<{ body: string }>(
      `SELECT prosrc AS body FROM pg_proc WHERE proname = 'purge_audit_logs'`,
    )
    await expectToGoBy('audit_logs_occurred_at_idx', { sql: rows[0]!.body, params: [500] })
  })
})
