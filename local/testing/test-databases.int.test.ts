import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestDatabase, testDatabaseKinds, type TestDatabase } from './test-databases.ts'

async function rows(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(url)
  // Its database may be dropped while its goodbye is on the way: the server's last word is then no defect.
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows
  } finally {
    await client.end()
  }
}

const tables = `SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'`

describe.each(testDatabaseKinds())('test databases on %s', (kind) => {
  let database: TestDatabase

  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  afterAll(() => database.close())

  test('is of the kind that was asked for, and migrated', async () => {
    expect(database.kind).toBe(kind)
    expect(await rows(database.url, tables)).toContainEqual({ table_name: 'messages' })
  })

  test('starts without any table when asked to', async () => {
    const empty = await openTestDatabase(kind, { migrated: false })
    expect(await rows(empty.url, tables)).toEqual([])
    await empty.close()
    await empty.close()
  })

  test('several at once do not see each other, and are gone after close', async () => {
    const others = await Promise.all([openTestDatabase(kind), openTestDatabase(kind)])
    await rows(others[0].url, 'CREATE TABLE only_here (id int)')
    expect(await rows(others[1].url, tables)).not.toContainEqual({ table_name: 'only_here' })
    await Promise.all(others.map((other) => other.close()))
    await expect(rows(others[0].url, 'SELECT 1')).rejects.toThrow()
  })

  test('concurrent transactions of a pool count every increment', async () => {
    await rows(database.url, 'CREATE TABLE counters (id int PRIMARY KEY, value int NOT NULL)')
    await rows(database.url, 'INSERT INTO counters VALUES (1, 0)')
    const pool = new pg.Pool({ connectionString: database.url, max: 8 })
    pool.on('error', () => {})
    await Promise.all(
      Array.from({ length: 40 }, async () => {
        const client = await pool.connect()
        await client.query('BEGIN')
        const found = await client.query<{ value: number }>('SELECT value FROM counters WHERE id = 1 FOR UPDATE')
        await client.query('UPDATE counters SET value = $1 WHERE id = 1', [found.rows[0]!.value + 1])
        await client.query('COMMIT')
        client.release()
      }),
    )
    await pool.end()
    expect(await rows(database.url, 'SELECT value FROM counters')).toEqual([{ value: 40 }])
  })
})
