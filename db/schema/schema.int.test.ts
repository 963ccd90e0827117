import { getTableConfig } from 'drizzle-orm/pg-core'
import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { describeDatabase } from '#db/testing/describe-database.ts'
import { describeTable } from '#db/testing/describe-schema.ts'
import { openForSuite } from '#db/testing/open-for-suite.ts'
import { allTables } from '#db/testing/sql-seed.ts'
import { openTestDatabase, testDatabaseKinds } from '#local/testing/test-databases.ts'
import { ledgerTable } from '#migrations/migrate.ts'

async function open(kind: 'pglite' | 'postgres') {
  const database = await openTestDatabase(kind)
  const client = new pg.Client(database.url)
  await client.connect()
  return {
    client,
    async close() {
      await client.end()
      await database.close()
    },
  }
}

describe.each(testDatabaseKinds())('the schema on %s', (kind) => {
  const opened = openForSuite(() => open(kind))

  it('is what the migrations make', async () => {
    const { [ledgerTable]: _ledger, ...migrated } = await describeDatabase(opened().client)
    const drizzles = Object.values(allTables).map((table) => [getTableConfig(table).name, describeTable(table)])
    expect(Object.fromEntries(drizzles)).toEqual(migrated)
  })
})
