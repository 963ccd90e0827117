import type pg from 'pg'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openForSuite } from '#db/testing/open-for-suite.ts'
import { openTestDatabase, testDatabaseKinds } from '#local/testing/test-databases.ts'
import { createPool } from './pg-pool.ts'

const parametrised = { text: 'SELECT $1::integer AS number' }
const prepared = `SELECT count(*)::integer AS count FROM pg_prepared_statements WHERE name LIKE 'wharf%'`

function openPool(databaseUrl: string): pg.Pool {
  const pool = createPool({ databaseUrl, max: 1 })
  onTestFinished(() => pool.end())
  return pool
}

async function numberOf(pool: pg.Pool, number: number): Promise<unknown> {
  return (await pool.query(parametrised, [number])).rows
}

async function countPrepared(pool: pg.Pool): Promise<number | undefined> {
  return (await pool.query<{ count: number }>(prepared)).rows[0]?.count
}

describe.each(testDatabaseKinds())('named statements on %s', (kind) => {
  const opened = openForSuite(() => openTestDatabase(kind, { migrated: false }))

  it('are parsed once per connection', async () => {
    const pool = openPool(opened().url)
    for (const number of [1, 2, 3]) expect(await numberOf(pool, number)).toEqual([{ number }])
    expect(await countPrepared(pool)).toBe(1)
  })

  it('go on without names where a pooler hands the session to somebody who does not know them', async () => {
    const pool = openPool(opened().url)
    await numberOf(pool, 1)
    await pool.query('DEALLOCATE ALL')
    expect(await numberOf(pool, 2)).toEqual([{ number: 2 }])
    expect(await numberOf(pool, 3)).toEqual([{ number: 3 }])
    expect(await countPrepared(pool)).toBe(0)
  })

  it('go on without names where another client of the same session took the name', async () => {
    const [pool, other] = [openPool(opened().url), openPool(opened().url)]
    const taken = async (one: pg.Pool) => [await numberOf(one, 1), await numberOf(one, 2)]
    expect(await Promise.all([taken(pool), taken(other)])).toEqual([
      [[{ number: 1 }], [{ number: 2 }]],
      [[{ number: 1 }], [{ number: 2 }]],
    ])
  })

  it('survive a migration that changes what they return', async () => {
    const pool = openPool(opened().url)
    await pool.query('CREATE TABLE grows (id integer)')
    await pool.query('INSERT INTO grows VALUES (1)')
    const all = async () => (await pool.query({ text: 'SELECT * FROM grows WHERE id = $1' }, [1])).rows
    expect(await all()).toEqual([{ id: 1 }])
    await pool.query('ALTER TABLE grows ADD COLUMN more text')
    expect(await all()).toEqual([{ id: 1, more: null }])
    expect(await all()).toEqual([{ id: 1, more: null }])
  })

  it('do not hide what a statement itself gets wrong', async () => {
    const pool = openPool(opened().url)
    await expect(pool.query({ text: 'SELECT 1 / $1::integer' }, [0])).rejects.toMatchObject({ code: '22012' })
  })
})
