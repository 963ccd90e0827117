import { neon, neonConfig, type NeonDbError } from '@neondatabase/serverless'
import { sql as drizzleSql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/neon-http'
import { integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openTestDatabase, testDatabaseKinds, type TestDatabase } from '#local/testing/test-databases.ts'

const people = pgTable('people', {
  id: integer('id').primaryKey(),
  name: text('name').notNull().unique('people_name_is_taken'),
  seenAt: timestamp('seen_at', { withTimezone: true }),
})

describe.each(testDatabaseKinds())('the Neon endpoint on %s', (kind) => {
  let database: TestDatabase
  let sql: ReturnType<typeof neon>

  beforeAll(async () => {
    database = await openTestDatabase(kind, { migrated: false })
    neonConfig.fetchEndpoint = database.neonFetchEndpoint
    sql = neon(database.neonConnectionString)
    await sql`CREATE TABLE people (id int PRIMARY KEY, name text NOT NULL CONSTRAINT people_name_is_taken UNIQUE, seen_at timestamptz)`
  })
  afterAll(() => database.close())
  beforeEach(async () => {
    await sql`TRUNCATE people`
  })

  async function post(body: string, headers: Record<string, string> = {}): Promise<{ status: number; body: unknown }> {
    const response = await fetch(database.neonFetchEndpoint, {
      method: 'POST',
      headers: { 'Neon-Connection-String': database.neonConnectionString, ...headers },
      body,
    })
    return { status: response.status, body: await response.json() }
  }

  test('values of every common type come back as they went in', async () => {
    const rows =
      await sql`SELECT ${1}::int AS i, ${'9007199254740993'}::bigint AS big, ${true}::bool AS b, ${null}::text AS nothing,
      ${'{"a":[1]}'}::jsonb AS j, ${'Grüße 👋'}::text AS t, ARRAY[1,2] AS list, '\\x00ff'::bytea AS raw`
    expect(rows).toEqual([
      {
        i: 1,
        big: '9007199254740993',
        b: true,
        nothing: null,
        j: { a: [1] },
        t: 'Grüße 👋',
        list: [1, 2],
        raw: Buffer.from([0x00, 0xff]),
      },
    ])
  })

  test('tells the command and the number of rows', async () => {
    const full = neon(database.neonConnectionString, { fullResults: true })
    const result = await full`INSERT INTO people VALUES (1, 'Ada'), (2, 'Grace')`
    expect(result).toMatchObject({ command: 'INSERT', rowCount: 2, rows: [] })
  })

  test('concurrent requests are answered each with its own rows', async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, (_, n) => sql`SELECT ${n}::int AS n`))
    expect(answers).toEqual(Array.from({ length: 40 }, (_, n) => [{ n }]))
  })

  test('an error keeps its code, detail, constraint and table', async () => {
    await sql`INSERT INTO people VALUES (1, 'Ada')`
    const error = await Promise.resolve(sql`INSERT INTO people VALUES (2, 'Ada')`).catch(
      (thrown: NeonDbError) => thrown,
    )
    expect(error).toMatchObject({
      code: '23505',
      constraint: 'people_name_is_taken',
      detail: 'Key (name)=(Ada) already exists.',
      table: 'people',
      severity: 'ERROR',
    })
  })

  test('a batch is one transaction: all of it or nothing', async () => {
    await expect(
      sql.transaction([sql`INSERT INTO people VALUES (1, 'Ada')`, sql`INSERT INTO people VALUES (1, 'Again')`]),
    ).rejects.toMatchObject({ code: '23505' })
    expect(await sql`SELECT * FROM people`).toEqual([])
    const results = await sql.transaction([sql`INSERT INTO people VALUES (1, 'Ada')`, sql`SELECT name FROM people`])
    expect(results).toEqual([[], [{ name: 'Ada' }]])
  })

  test('a batch runs at the isolation level and access mode that it asks for', async () => {
    const [level, readOnly] = await sql.transaction(
      [sql`SHOW transaction_isolation`, sql`SHOW transaction_read_only`],
      { isolationLevel: 'RepeatableRead', readOnly: true },
    )
    expect([level, readOnly]).toEqual([
      [{ transaction_isolation: 'repeatable read' }],
      [{ transaction_read_only: 'on' }],
    ])
    await expect(
      sql.transaction([sql`INSERT INTO people VALUES (1, 'Ada')`], { readOnly: true }),
    ).rejects.toMatchObject({ code: '25006' })
  })

  test('a lone BEGIN leaves nothing open', async () => {
    await sql`BEGIN`
    await sql`INSERT INTO people VALUES (1, 'Ada')`
    expect(await sql`SELECT id FROM people`).toEqual([{ id: 1 }])
  })

  test("drizzle's queries, batches and errors work", async () => {
    const db = drizzle(neon(database.neonConnectionString))
    const seenAt = new Date('2026-01-02T03:04:05.678Z')
    const [inserted, all] = await db.batch([
      db.insert(people).values({ id: 1, name: 'Ada', seenAt }).returning({ id: people.id }),
      db.select().from(people),
    ])
    expect(inserted).toEqual([{ id: 1 }])
    expect(all).toEqual([{ id: 1, name: 'Ada', seenAt }])
    await expect(db.insert(people).values({ id: 1, name: 'Again' })).rejects.toMatchObject({ cause: { code: '23505' } })
    await expect(
      db.batch([
        db.insert(people).values({ id: 2, name: 'Grace' }),
        db.insert(people).values({ id: 2, name: 'Again' }),
      ]),
    ).rejects.toMatchObject({ code: '23505' })
    expect((await db.execute(drizzleSql`SELECT count(*)::int AS count FROM people`)).rows).toEqual([{ count: 1 }])
  })

  test('wrong input is a clear 400, and what is too large a 413', async () => {
    expect(await post('{"query":')).toEqual({ status: 400, body: { message: 'The body is not valid JSON.' } })
    expect(await post('{"sql":"SELECT 1"}')).toMatchObject({ status: 400 })
    expect(await post('{"queries":[{"query":"SELECT 1"}]}', { 'Neon-Batch-Isolation-Level': 'Loose' })).toEqual({
      status: 400,
      body: { message: 'There is no isolation level "Loose".' },
    })
    expect(await post('{"query":"SELECT 1; SELECT 2"}')).toMatchObject({ status: 400, body: { code: '42601' } })
    expect(await post('{"query":"SELECT 1"}', { 'Neon-Connection-String': 'postgres://a:b@c/d' })).toMatchObject({
      status: 400,
      body: { code: '28P01' },
    })
    expect((await post(`"${'x'.repeat(11 * 1024 * 1024)}"`)).status).toBe(413)
  })

  test('counts its requests', async () => {
    const before = database.neonRequests()
    await sql`SELECT 1`
    await sql.transaction([sql`SELECT 1`, sql`SELECT 2`])
    expect(database.neonRequests() - before).toBe(2)
  })
})
