import type { SQL } from 'drizzle-orm'
import { PgDialect } from 'drizzle-orm/pg-core'
import { describe, expect, it } from 'vitest'
import type { Retention } from '#core/ports/retention.ts'
import type { EdgeDatabase } from '#db/clients/neon-http.ts'
import { openExplainer, type PlannedQuery } from '#db/testing/explain.ts'
import { openForSuite } from '#db/testing/open-for-suite.ts'
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
  purgeMinuteStatsAcrossCustomers: 'minute_stats_pkey',
  purgeServerMinutes: 'server_minutes_at_idx',
  purgeServerHours: 'server_hours_at_idx',
  purgeAlertsAcrossCustomers: 'alerts_resolved_at_idx',
}

/** The statement that a method sends. */
async function statementOf(method: Method): Promise<PlannedQuery> {
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

describe('a batch of a retention job', () => {
  const opened = openForSuite(openExplainer)

  async function expectToGoBy(index: string, query: PlannedQuery): Promise<void> {
    const nodes = await opened().explain(query)
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
