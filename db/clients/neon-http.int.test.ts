import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newId } from '#contracts/ids.ts'
import { createApiKeys } from '#db/edge-stores/api-keys.ts'
import { createMessages } from '#db/edge-stores/messages.ts'
import { plans } from '#db/schema/customers.ts'
import { newMessage, seedSender } from '#db/testing/messages-fixture.ts'
import { createSqlSeed } from '#db/testing/sql-seed.ts'
import { openTestDatabase, testDatabaseKinds, type TestDatabase } from '#local/testing/test-databases.ts'
import { createEdgeDatabase, type EdgeDatabase, type NeonOptions } from './neon-http.ts'
import { createPool } from './pg-pool.ts'

function edgeDatabaseOf(database: TestDatabase, options: Partial<NeonOptions> = {}): EdgeDatabase {
  return createEdgeDatabase({
    connectionString: database.neonConnectionString,
    fetchEndpoint: database.neonFetchEndpoint,
    ...options,
  })
}

describe.each(testDatabaseKinds())('the client of the edge on %s', (kind) => {
  let database: TestDatabase
  let second: TestDatabase

  beforeAll(async () => {
    database = await openTestDatabase(kind)
    second = await openTestDatabase(kind)
  })
  afterAll(async () => {
    await database.close()
    await second.close()
  })

  it('accepts a message in one HTTP request', async () => {
    const pool = createPool({ databaseUrl: database.url, max: 1 })
    const sender = await seedSender(createSqlSeed(pool))
    await pool.end()
    const messages = createMessages(edgeDatabaseOf(database))
    const before = database.neonRequests()
    const accepted = await messages.insertOnce(sender.customerId, sender.keyId, newMessage(sender.instanceId))
    expect(accepted.outcome).toBe('ok')
    expect(database.neonRequests() - before).toBe(1)
  })

  it('keeps several databases of one process apart', async () => {
    const [one, other] = [edgeDatabaseOf(database), edgeDatabaseOf(second)]
    const id = newId('customer')
    await one.execute(sql`INSERT INTO customers (id, name, plan) VALUES (${id}, 'only here', 'basic')`)
    const found = (db: EdgeDatabase) => db.execute(sql`SELECT name FROM customers WHERE id = ${id}`)
    expect([(await found(one)).rows, (await found(other)).rows]).toEqual([[{ name: 'only here' }], []])
  })

  it('gives each HTTP request a time-out of its own, and tells of it once', async () => {
    let told = 0
    const db = edgeDatabaseOf(database, { onRequest: () => (told += 1) })
    const before = database.neonRequests()
    await db.execute(sql`SELECT 1`)
    await db.batch([db.execute(sql`SELECT 1`), db.select().from(plans)])
    expect(told).toBe(2)
    expect(database.neonRequests() - before).toBe(2)
  })

  it('gives up a request that takes too long: SERVICE_UNAVAILABLE', async () => {
    const store = createApiKeys(edgeDatabaseOf(database, { requestTimeoutMs: 0 }))
    await expect(store.standing(newId('apiKey'), null)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
  })

  it('answers SERVICE_UNAVAILABLE while the database is away, for single statements and batches', async () => {
    await second.close()
    const db = edgeDatabaseOf(second)
    const away = { code: 'SERVICE_UNAVAILABLE', retryAfterSeconds: 2 }
    await expect(createApiKeys(db).standing(newId('apiKey'), null)).rejects.toMatchObject(away)
    const message = newMessage(newId('instance'))
    const accepting = createMessages(db).insertOnce(newId('customer'), newId('apiKey'), message)
    await expect(accepting).rejects.toMatchObject(away)
  })
})
