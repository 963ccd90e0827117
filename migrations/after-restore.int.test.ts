import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { InstanceId } from '#contracts/ids.ts'
import { seedCustomer, seedInstance, seedServer, type Seed } from '#core/testing/seed.ts'
import { createSqlSeed } from '#db/testing/sql-seed.ts'
import { openTestDatabase, testDatabaseKinds, type TestDatabase } from '#local/testing/test-databases.ts'
import { forgetRatchets } from './after-restore.ts'
import { MigrationRefused } from './connect.ts'

const ratchets = ['session', 'sender-key', 'sender-key-memory', 'device-list']
const lasting = ['pre-key', 'app-state-sync-key', 'lid-mapping']

describe.each(testDatabaseKinds())('after a restore, on %s,', (kind) => {
  let database: TestDatabase
  let pool: pg.Pool
  let seed: Seed
  let instanceId: InstanceId
  beforeEach(async () => {
    database = await openTestDatabase(kind)
    pool = new pg.Pool({ connectionString: database.url, max: 1 })
    seed = createSqlSeed(pool)
    const serverId = await seedServer(seed, { incarnation: null, leaseExpiresAt: null })
    instanceId = await seedInstance(seed, { customerId: await seedCustomer(seed), serverId })
    for (const type of [...ratchets, ...lasting])
      await seed.insert('sessionKeys', { instanceId, type, id: '1', value: new Uint8Array([1]) })
    await seed.insert('sessionCredentials', {
      instanceId,
      keyRingId: 'k1',
      wrappedDataKey: new Uint8Array([1]),
      credentials: new Uint8Array([2]),
    })
  })
  afterEach(async () => {
    await pool.end()
    await database.close()
  })

  const types = async () => (await seed.rows('sessionKeys', { instanceId })).map(({ type }) => type).toSorted()

  it('what moves with every message is forgotten, and the linked device stays', async () => {
    expect(await forgetRatchets(database.url)).toEqual({ keys: ratchets.length, instances: 1 })
    expect(await types()).toEqual(lasting.toSorted())
    expect(await seed.rows('sessionCredentials', { instanceId })).toHaveLength(1)
    expect(await forgetRatchets(database.url)).toEqual({ keys: 0, instances: 0 })
  })

  it('nothing is forgotten while a worker runs, which is named', async () => {
    const leaseExpiresAt = new Date(Date.now() + 3_600_000)
    await seedServer(seed, { name: 'sao-paulo-1', incarnation: 'run', leaseExpiresAt })
    const refused = forgetRatchets(database.url)
    await expect(refused).rejects.toThrow(MigrationRefused)
    await expect(refused).rejects.toThrow('Workers still run (sao-paulo-1): stop every worker first')
    expect(await types()).toHaveLength(ratchets.length + lasting.length)
  })
})
