import { drizzle } from 'drizzle-orm/node-postgres'
import { beforeAll, describe, expect, it } from 'vitest'
import type { CustomerFilter } from '#core/ports/customer-accounts.ts'
import type { EdgeDatabase } from '#db/clients/neon-http.ts'
import { openExplainer, type PlannedQuery } from '#db/testing/explain.ts'
import { openForSuite } from '#db/testing/open-for-suite.ts'
import { createCustomerAccounts } from './customer-accounts.ts'

/** The table of customers when there are 10,000, as PostgreSQL itself chooses to read it. */

interface Node {
  'Node Type': string
  'Parent Relationship'?: string
  'Relation Name'?: string
  'Index Name'?: string
  'Actual Rows'?: number
  Plans?: Node[]
}

const opened = openForSuite(openExplainer)

beforeAll(async () => {
  const { client } = opened()
  // Every tenth is suspended, few are of the largest plan, some are deleted.
  await client.query(`
    INSERT INTO customers (id, name, plan, status, created_at, deleted_at)
    SELECT 'cus_' || lpad(i::text, 26, '0'), chr(97 + i % 26) || 'customer ' || i,
      (ARRAY['basic', 'pro', 'business'])[1 + i % 3], CASE WHEN i % 10 = 0 THEN 'suspended' ELSE 'active' END,
      now() - i * interval '1 minute', CASE WHEN i % 50 = 0 THEN now() END
    FROM generate_series(1, 10000) AS i`)
  await client.query(`UPDATE customers SET plan = 'enterprise' WHERE id LIKE '%77'`)
  await client.query(`
    INSERT INTO instances (id, customer_id, name)
    SELECT 'ins_' || substr(c.id, 5) || n, c.id, 'shop' FROM customers c CROSS JOIN generate_series(1, 2) AS n`)
  await client.query(`INSERT INTO usage_days (customer_id, day, messages) SELECT id, current_date, 5 FROM customers`)
  await client.query('ANALYZE')
})

/** The page that the store reads, and the statements that it sent for it. */
async function list(filter: Partial<CustomerFilter>, page: number) {
  const statements: PlannedQuery[] = []
  const logger = { logQuery: (sql: string, params: unknown[]) => void statements.push({ sql, params }) }
  const accounts = createCustomerAccounts(drizzle({ client: opened().client, logger }) as unknown as EdgeDatabase)
  const sort = { by: 'createdAt', descending: true } as const
  const found = await accounts.list({ sort, ...filter }, { page, perPage: 20 })
  return { found, statements }
}

async function planOf({ sql, params }: PlannedQuery): Promise<Node> {
  const { rows } = await opened().client.query<{ 'QUERY PLAN': [{ Plan: Node }] }>(
    `EXPLAIN (ANALYZE, FORMAT JSON) ${sql}`,
    params,
  )
  return rows[0]!['QUERY PLAN'][0].Plan
}

/** Those that make the page; what counts all pages is planned once beside it. */
function pageNodes(node: Node): Node[] {
  if (node['Parent Relationship'] === 'InitPlan') return []
  return [node, ...(node.Plans ?? []).flatMap(pageNodes)]
}

describe.each<[string, Partial<CustomerFilter>, number, string]>([
  ['all, newest first', {}, 9_800, 'customers_created_at_idx'],
  ['by name', { sort: { by: 'name', descending: false } }, 9_800, 'customers_name_idx'],
  ['of a status', { status: 'suspended' }, 800, 'customers_status_idx'],
  ['of a plan', { plan: 'enterprise' }, 100, 'customers_plan_idx'],
  ['whose name begins so', { q: 'Qcustomer 1', sort: { by: 'name', descending: true } }, 43, 'customers_name_idx'],
  ['of one id', { q: `cus_${'77'.padStart(26, '0')}` }, 1, 'customers_pkey'],
])('10,000 customers, %s', (_what, filter, total, index) => {
  it(`are one statement that finds its page by ${index} and reads no more rows than it needs`, async () => {
    const { found, statements } = await list(filter, 1)
    expect(found.total).toBe(total)
    expect(found.rows).toHaveLength(Math.min(20, total))
    expect(found.rows[0]).toMatchObject({ messagesToday: 5, instances: 2 })
    expect(statements).toHaveLength(1)
    const nodes = pageNodes(await planOf(statements[0]!))
    expect(nodes.map((node) => node['Index Name'])).toContain(index)
    expect(nodes.filter((node) => node['Node Type'] === 'Seq Scan')).toEqual([])
    const read = nodes.filter((node) => node['Relation Name'] === 'customers').map((node) => node['Actual Rows'] ?? 0)
    expect(Math.max(...read)).toBeLessThanOrEqual(Math.max(20, Math.min(total, 100)))
  })
})
