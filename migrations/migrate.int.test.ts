import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { plans } from '#contracts/plans.ts'
import { describeDatabase, otherObjects } from '#db/testing/describe-database.ts'
import { openTestDatabase, testDatabaseKinds, type TestDatabase } from '#local/testing/test-databases.ts'
import { ledgerTable, migrateDown, migrateUp, migrationStatus } from './migrate.ts'

describe.each(testDatabaseKinds())('migrations on %s', (kind) => {
  let database: TestDatabase

  beforeEach(async () => {
    database = await openTestDatabase(kind, { migrated: false })
  })
  afterEach(() => database.close())

  async function query<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = new pg.Client(database.url)
    await client.connect()
    try {
      return await work(client)
    } finally {
      await client.end()
    }
  }

  it('apply everything once, and tell what is applied and pending', async () => {
    const before = await migrationStatus(database.url)
    expect(before.applied).toEqual([])
    expect(before.pending[0]).toBe('0001_customers')
    const lines: string[] = []
    expect(await migrateUp(database.url, (line) => lines.push(line))).toEqual(before.pending)
    expect(lines).toEqual(before.pending.map((name) => `applied ${name}`))
    expect(await migrationStatus(database.url)).toEqual({ applied: before.pending, pending: [], ahead: [] })
    expect(await migrateUp(database.url)).toEqual([])
  })

  it('undo one by one, and again up to the same schema', async () => {
    const names = await migrateUp(database.url)
    const full = await query(describeDatabase)
    const tableCounts = [Object.keys(full).length]
    for (const name of names.toReversed()) {
      expect(await migrateDown(database.url, { count: 1 })).toEqual([name])
      tableCounts.push(Object.keys(await query(describeDatabase)).length)
    }
    expect(tableCounts).toEqual([...tableCounts].toSorted((a, b) => b - a))
    expect(await migrateDown(database.url, { count: 1 })).toEqual([])
    await migrateUp(database.url)
    expect(await query(describeDatabase)).toEqual(full)
  })

  it('leave nothing behind but the list of what was applied', async () => {
    const names = await migrateUp(database.url)
    expect(await migrateDown(database.url, { all: true })).toEqual(names.toReversed())
    expect(Object.keys(await query(describeDatabase))).toEqual([ledgerTable])
    expect(await query(otherObjects)).toEqual([`S ${ledgerTable}_id_seq`])
    expect(await migrationStatus(database.url)).toEqual({ applied: [], pending: names, ahead: [] })
  })

  it('tell which ones the database has and this checkout does not', async () => {
    await migrateUp(database.url)
    await query((client) => client.query(`INSERT INTO ${ledgerTable} (name, run_on) VALUES ('9999_future', now())`))
    expect(await migrationStatus(database.url)).toMatchObject({ pending: [], ahead: ['9999_future'] })
  })

  it('seed the plans that the edge knows', async () => {
    await migrateUp(database.url)
    const { rows } = await query((client) =>
      client.query(`
        SELECT name, requests_per_minute AS "requestsPerMinute", requests_per_hour AS "requestsPerHour",
          requests_per_day AS "requestsPerDay", messages_per_day AS "messagesPerDay", instances
        FROM plans`),
    )
    expect(Object.fromEntries(rows.map(({ name, ...limits }) => [name, limits]))).toEqual(plans)
  })

  it.runIf(kind === 'postgres')('apply once when two processes start at the same time', async () => {
    const done = await Promise.all([migrateUp(database.url), migrateUp(database.url)])
    const { applied } = await migrationStatus(database.url)
    expect(done.toSorted((a, b) => b.length - a.length)).toEqual([applied, []])
  })

  it('apply nothing when one of them fails', async () => {
    await query((client) => client.query('CREATE TABLE deliveries (in_the_way integer)'))
    await expect(migrateUp(database.url)).rejects.toThrow(
      'No migration was applied: relation "deliveries" already exists',
    )
    expect((await migrationStatus(database.url)).applied).toEqual([])
    expect(Object.keys(await query(describeDatabase))).toEqual(['deliveries', ledgerTable])
  })
})
