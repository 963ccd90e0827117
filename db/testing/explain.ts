import type { SQL } from 'drizzle-orm'
import { PgDialect } from 'drizzle-orm/pg-core'
import pg from 'pg'
import { openTestDatabase } from '#local/testing/test-databases.ts'

export type PlannedQuery = Pick<ReturnType<PgDialect['sqlToQuery']>, 'sql' | 'params'>

export interface PlanNode {
  'Node Type': string
  'Index Name'?: string
  'Relation Name'?: string
  Plans?: PlanNode[]
}

/** How PostgreSQL would go about a statement, in a database of its own. */
export interface Explainer {
  client: pg.Client
  /**
   * All nodes of the plan, with the ways that a small table would be read by switched off: what is left of them could not
   * be avoided.
   */
  explain(query: PlannedQuery | SQL): Promise<PlanNode[]>
  close(): Promise<void>
}

export async function openExplainer(): Promise<Explainer> {
  const database = await openTestDatabase('pglite')
  const client = new pg.Client(database.url)
  await client.connect()
  return {
    client,
    async explain(query) {
      const { sql, params } = 'params' in query ? query : new PgDialect().sqlToQuery(query)
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
    },
    async close() {
      await client.end()
      await database.close()
    },
  }
}

/** Tables that the plan reads whole. */
export function readWhole(nodes: readonly PlanNode[]): string[] {
  return nodes.flatMap((node) => (node['Node Type'] === 'Seq Scan' ? [node['Relation Name'] ?? ''] : []))
}

function nodesOf(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)]
}
