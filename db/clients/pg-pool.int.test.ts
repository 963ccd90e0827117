import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { openForSuite } from '#db/testing/open-for-suite.ts'
import { openTestDatabase, testDatabaseKinds } from '#local/testing/test-databases.ts'
import { waitFor } from '#local/testing/wait-for.ts'
import { createPool } from './pg-pool.ts'

// PGlite is one session for all: nothing can time out or be ended beside it.
describe.runIf(testDatabaseKinds().includes('postgres'))('the pool on postgres', () => {
  const opened = openForSuite(() => openTestDatabase('postgres', { migrated: false }))

  it('gives up a statement that takes too long, and works on with another connection', async () => {
    const pool = createPool({ databaseUrl: opened().url, max: 1, queryTimeoutMs: 200 })
    try {
      await expect(pool.query('SELECT pg_sleep(60)')).rejects.toThrow('Query read timeout')
      expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
    } finally {
      await pool.end()
    }
  })

  it('gives up waiting for a free connection', async () => {
    const pool = createPool({ databaseUrl: opened().url, max: 1, connectTimeoutMs: 50 })
    const client = await pool.connect()
    await expect(pool.query('SELECT 1')).rejects.toThrow('timeout exceeded when trying to connect')
    client.release()
    await pool.end()
  })

  it('survives that PostgreSQL ends an idle connection, and tells of it', async () => {
    const told: string[] = []
    const databaseUrl = opened().url
    const pool = createPool({ databaseUrl, max: 1, onIdleError: (error) => told.push(error.message) })
    const admin = new pg.Client(databaseUrl)
    await admin.connect()
    try {
      const { rows } = await pool.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
      await admin.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid])
      await waitFor(() => told.length > 0, { what: 'word of the ended connection' })
      expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
    } finally {
      await admin.end()
      await pool.end()
    }
  })
})
